/**
 * Publishes a port and asks it as another machine would: from a network namespace of its own behind a pair of virtual
 * interfaces, so that the packet comes in by PREROUTING and FORWARD. `curl localhost` would be answered by docker-proxy
 * even with every rule gone. 198.18.0.0/15 is set aside for tests (RFC 2544), so it is no network of the host's.
 */
export const SMOKE_TEST = `#!/bin/sh
# Does a port that Docker publishes answer from outside the host?
# Exit: 0 it answers; 1 it does not; 2 this machine lacks what the test needs.
set -eu

image="\${STACKENGINE_IMAGE:-busybox:stable}"
port="\${STACKENGINE_PORT:-18080}"
name="stackengine-smoke-$$"
space="stackengine-$$"

clean_up() {
	docker rm --force "\${name}" >/dev/null 2>&1 || true
	ip netns delete "\${space}" 2>/dev/null || true
}

main() {
	user=$(id -u)
	if [ "\${user}" -ne 0 ]; then
		echo 'This needs root, for a network namespace of its own.' >&2
		exit 2
	fi
	for program in docker ip curl; do
		if ! command -v "\${program}" >/dev/null; then
			echo "This machine has no \${program}." >&2
			exit 2
		fi
	done
	trap clean_up EXIT
	trap 'exit 1' HUP INT TERM

	# Loading the image is no part of the test.
	docker image inspect "\${image}" >/dev/null 2>&1 || docker pull --quiet "\${image}" >/dev/null
	docker run --detach --rm --name "\${name}" --publish "\${port}:80" "\${image}" \\
		sh -c 'mkdir /tmp/www && echo it-answers >/tmp/www/index.html && exec httpd -f -p 80 -h /tmp/www' >/dev/null

	ip netns add "\${space}"
	ip link add se-smoke0 type veth peer name se-smoke1 netns "\${space}"
	ip address add 198.18.77.1/30 dev se-smoke0
	ip link set se-smoke0 up
	ip -n "\${space}" address add 198.18.77.2/30 dev se-smoke1
	ip -n "\${space}" link set se-smoke1 up
	ip -n "\${space}" link set lo up
	ip -n "\${space}" route add default via 198.18.77.1

	tries=0
	while [ "\${tries}" -lt 10 ]; do
		tries=$((tries + 1))
		answer=$(ip netns exec "\${space}" curl --silent --max-time 3 "http://198.18.77.1:\${port}/" || true)
		if [ "\${answer}" = it-answers ]; then
			echo "The published port \${port} answers from outside."
			return 0
		fi
		sleep 1
	done
	echo "The published port \${port} does not answer from outside the host." >&2
	echo 'Collect and read what stands in the way: stackengine collect | sudo sh > host.txt' >&2
	return 1
}

main
`;

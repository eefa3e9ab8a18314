import { yaml } from "./ansible-text";

/**
 * The collector for a fleet: an Ansible play that runs collect.sh on every host and puts what it prints into a folder for
 * each, as the page and `stackengine diagnose DIR` take them. The script comes from the file beside the play, on standard
 * input: nothing is copied to a host, and it never meets a terminal (`script` would give it one) or Jinja, which its
 * `docker inspect --format` looks like.
 */
export function collectorPlay(): string {
	const play = {
		name: "Collect what is needed to find out why Docker ports are dead",
		hosts: "docker_hosts",
		become: true,
		gather_facts: false,
		vars: { stackengine_folder: "{{ playbook_dir }}/hosts" },
		tasks: [
			{
				name: "Run the collector, which only reads",
				"ansible.builtin.command": {
					argv: ["sh"],
					stdin: "{{ lookup('ansible.builtin.file', playbook_dir ~ '/collect.sh') }}",
				},
				register: "stackengine_collected",
				changed_when: false,
				check_mode: false,
				timeout: 180,
			},
			{
				name: "Make a folder for this host here",
				"ansible.builtin.file": {
					path: "{{ stackengine_folder }}/{{ inventory_hostname }}",
					state: "directory",
					mode: "0700",
				},
				delegate_to: "localhost",
				become: false,
			},
			{
				name: "Keep what was collected",
				"ansible.builtin.copy": {
					content: "{{ stackengine_collected.stdout }}\n",
					dest: "{{ stackengine_folder }}/{{ inventory_hostname }}/host.txt",
					mode: "0600",
				},
				delegate_to: "localhost",
				become: false,
			},
		],
	};
	const head = [
		"# stackengine collect > collect.sh             beside this play",
		"# ansible-playbook -i INVENTORY collect.yml    reads only; writes hosts/NAME/host.txt here",
		"# stackengine diagnose hosts                   one line a host",
	];
	return `${head.join("\n")}\n---\n${yaml([play])}`;
}

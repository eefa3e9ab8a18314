import { run } from "./main";

// A reader that stops early (`| head`) is no error of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
	if (error.code === "EPIPE") process.exit(0);
	throw error;
});

process.exitCode = run(
	process.argv.slice(2),
	(text) => process.stdout.write(text),
	(text) => process.stderr.write(text),
);

/**
 * Merges keys into daemon.json and takes keys out: path, new file, keys to set (JSON object), keys to remove (JSON
 * list). Ends with 3 when nothing would change. Keeps the order of the keys and the width of the indentation; refuses
 * what is not a JSON object. `utf-8-sig` since Docker takes a byte order mark from 23.0 on.
 */
export const PYTHON_MERGE = `import json
import sys

path, new, wanted, unwanted = sys.argv[1:5]
try:
    with open(path, encoding="utf-8-sig") as source:
        text = source.read()
except FileNotFoundError:
    text = ""
try:
    values = json.loads(text) if text.strip() else {}
except ValueError as error:
    sys.exit("%s: %s" % (path, error))
if not isinstance(values, dict):
    sys.exit("%s: not a JSON object" % path)
before = json.dumps(values)
values.update(json.loads(wanted))
for key in json.loads(unwanted):
    values.pop(key, None)
if json.dumps(values) == before:
    sys.exit(3)
margin = "  "
for line in text.splitlines():
    if line.lstrip().startswith(chr(34)) and line != line.lstrip():
        margin = line[: len(line) - len(line.lstrip())]
        break
with open(new, "w", encoding="utf-8") as target:
    json.dump(values, target, indent=margin, ensure_ascii=False)
    target.write("\\n")
`;

/** The same with jq 1.5 and later; compared by the caller. */
export const JQ_MERGE =
	'if type == "object" then . + $set | reduce $remove[] as $key (.; del(.[$key])) else error("not a JSON object") end';

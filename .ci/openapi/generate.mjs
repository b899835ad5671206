// Reads the documents in a directory as others do: swagger-parser has to find them
// valid, and openapi-typescript and hey-api make clients of them in generated/.
import fs from "node:fs";
import path from "node:path";
import SwaggerParser from "@apidevtools/swagger-parser";
import { createClient } from "@hey-api/openapi-ts";
import openapiTS, { astToString } from "openapi-typescript";

const from = process.argv[2];
fs.mkdirSync("generated/types", { recursive: true });
for (const file of fs.readdirSync(from)) {
  const input = path.join(from, file);
  const name = path.basename(file, ".json");
  await SwaggerParser.validate(input);
  const types = await openapiTS(JSON.parse(fs.readFileSync(input, "utf8")), { defaultNonNullable: false });
  fs.writeFileSync(`generated/types/${name}.ts`, astToString(types));
  await createClient({ input, output: `generated/hey/${name}`, logs: { level: "silent" } });
}

/** A program of its own that opens a database and waits to be killed. Its argument is a folder; it says when it is ready. */
import { connect } from "../../db/connect.ts";
import { openDatabase } from "../../db/database.ts";

const [folder = "", stateFolder = ""] = process.argv.slice(2);
const database = await openDatabase({
  dataFolder: folder,
  stateFolder,
  databaseName: "claudbot_demo",
  log: { info() {}, warn() {} },
});
const client = connect(database.desk, { name: "holder" });
await client`select 1`;
process.stdout.write("ready\n");
setInterval(() => {}, 1_000);

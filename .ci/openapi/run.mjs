// Runs the journey through examples/conduit at the address that is given.
import { journey } from "./generated/js/journey.js";

await journey(process.argv[2]);

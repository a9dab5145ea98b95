// Files are kept the same way everywhere.
export { keep, keepBlob } from "../api/saveFile";

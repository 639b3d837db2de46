import { dense } from "tavali";

globalThis.used = [dense];

/** The data of large-file.ts: rows of a table as sequences. Arguments: the file, rows of a batch. */

import { csvDataset } from "../dist/datasets/index.js";
import { serveDataset } from "../dist/index.js";

const [file, batchSize] = process.argv.slice(2);

serveDataset(
  csvDataset(file, { records: false })
    .map((cells) => {
      const x = new Float32Array(400);
      for (let i = 0; i < 400; i++) x[i] = Number(cells[i]);
      return [
        { data: x, shape: [40, 10] },
        { data: Float32Array.of(Number(cells[400])), shape: [1] },
      ];
    })
    .batch(Number(batchSize)),
);

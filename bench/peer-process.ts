/** One measured process: started with its environment, asked in turn, its complaints kept for the case that it dies. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** How to start a process. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The workload is beyond this peer; the message says why. */
export class BeyondPeer extends Error {}

export class PeerProcess {
  readonly #child: ChildProcess;
  readonly #answers: ((answer: Record<string, unknown>) => void)[] = [];
  #complaints = "";
  #ended = false;

  constructor({ command, args, env }: Launch) {
    this.#child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "pipe"] });
    this.#child.stdin!.on("error", () => {});
    this.#child.stderr!.on("data", (text: Buffer) => {
      this.#complaints = (this.#complaints + text).slice(-4000);
    });
    // Libraries print to standard output, too; answers are the lines that are objects.
    createInterface({ input: this.#child.stdout! }).on("line", (line) => {
      if (line.startsWith("{")) this.#answers.shift()?.(JSON.parse(line));
    });
    const end = (why: string) => {
      this.#ended = true;
      for (const answer of this.#answers.splice(0))
        answer({ error: `the process ended (${why})\n${this.#complaints}` });
    };
    this.#child.on("error", (error) => end(error.message));
    this.#child.on("close", (code, signal) => end(String(signal ?? code)));
  }

  /**
   * @throws BeyondPeer when the peer cannot do it; Error when it failed or took longer than `seconds`
   */
  async ask<Answer>(request: object, seconds = 600): Promise<Answer> {
    if (this.#ended) throw new Error(`the process has ended\n${this.#complaints}`);
    let timer: NodeJS.Timeout | undefined;
    const answer = await new Promise<Record<string, unknown>>((resolve) => {
      this.#answers.push(resolve);
      timer = setTimeout(() => {
        this.#child.kill("SIGKILL");
        resolve({ error: `no answer in ${seconds} s` });
      }, seconds * 1000);
      this.#child.stdin!.write(`${JSON.stringify(request)}\n`);
    });
    clearTimeout(timer);
    if (answer.cannot) throw new BeyondPeer(String(answer.cannot));
    if (answer.error) throw new Error(String(answer.error));
    return answer as Answer;
  }

  /** Ends the process and waits until it is gone. */
  async end(): Promise<void> {
    if (this.#ended) return;
    const closed = new Promise((resolve) => this.#child.once("close", resolve));
    this.#child.stdin!.end();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 3000);
    await closed;
    clearTimeout(timer);
  }
}

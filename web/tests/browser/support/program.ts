// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BINARY = process.env['TAPELINE_BINARY'] ?? '';
const START_MS = 30_000;
const STOP_MS = 15_000;

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** The real program with its dashboard, on a port of this machine; ended by its id. */
export class Program {
  private child: ChildProcess | null = null;
  private said = '';

  private constructor(private readonly options: string[], readonly port: number, private readonly folder: string) {}

  /** What a newcomer gets: `tapeline demo` on a free port, with the options and nothing else. */
  static async plain(options: string[] = []): Promise<Program> {
    const port = await freePort();
    const program = new Program(['demo', '--port', String(port), ...options], port, mkdtempSync(join(tmpdir(), 'tapeline-browser-')));
    await program.start();
    return program;
  }

  /** Where it is kept, its data lie in dataFolder; such a demo starts once. */
  static async demo(options: string[] = [], { keep = false } = {}): Promise<Program> {
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'tapeline-browser-'));
    const program = new Program(
      [...(keep ? ['--data-dir', join(folder, 'data')] : []), 'demo', '--port', String(port), '--seed', '7', '--faults', 'off', ...options],
      port, folder);
    await program.start();
    return program;
  }

  /** A live run whose venue is not there: nothing ever comes. */
  static async withoutVenue(): Promise<Program> {
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'tapeline-browser-'));
    const dead = await freePort();
    const settings = [
      'feeds[0].venue=coinbase', 'feeds[0].symbols=BTC-USD', `feeds[0].endpoint=wss://127.0.0.1:${dead}/`,
      `feeds[0].rest_endpoint=https://127.0.0.1:${dead}`, `serve.listen=127.0.0.1:${port}`,
    ];
    const program = new Program(
      ['--data-dir', join(folder, 'data'), 'run', ...settings.flatMap((setting) => ['--set', setting])], port, folder);
    await program.start();
    return program;
  }

  get url(): string { return `http://127.0.0.1:${this.port}`; }

  async start(): Promise<void> {
    const child = spawn(BINARY, this.options, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    const note = (data: Buffer): void => { this.said = (this.said + data.toString()).slice(-4000); };
    child.stdout?.on('data', note);
    child.stderr?.on('data', note);
    const end = Date.now() + START_MS;
    while (Date.now() < end) {
      if (child.exitCode !== null) throw new Error(`the program ended (${child.exitCode}): ${this.said}`);
      const answer = await fetch(`${this.url}/healthz`).catch(() => null);
      if (answer?.ok) return;
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
    throw new Error(`the program does not answer: ${this.said}`);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const { child } = this;
    this.child = null;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise<void>((resolve) => { child.once('exit', () => resolve()); });
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
  }

  async end(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async get<T>(path: string): Promise<T> {
    const answer = await fetch(this.url + path);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return await answer.json() as T;
  }

  async metrics(): Promise<string> { return (await fetch(`${this.url}/metrics`)).text(); }

  get dataFolder(): string { return join(this.folder, 'data'); }

  static async ask(arguments_: string[]): Promise<string> {
    return new Promise((resolve) => {
      execFile(BINARY, arguments_, { timeout: 20_000 }, (_error, stdout, stderr) => resolve(stdout + stderr));
    });
  }
}

/**
 * A program that sends signed deliveries, each one different: as fast as so many connections are answered, or at a
 * fixed rate whatever the answers do. Takes a `LoadPlan` as JSON in its first argument. Prints `ready` when it begins,
 * and a `LoadResult` as one line of JSON when it is done.
 */
import { createHash, createHmac } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { HttpConnection } from './http-connection.ts';
import { quantile } from './table.ts';

export interface LoadPlan {
  url: string;
  secret: string;
  /** Told in every delivery, so that no two runs send the same. */
  run: string;
  connections: number;
  seconds: number;
  /**
   * How long before that deliveries are sent already that count for nothing: a generator that just started compiles its
   * code and opens its connections, and would measure that.
   */
  warmUpSeconds: number;
  /** Deliveries per second; left out: as fast as they are answered. */
  rate?: number;
  /** So many bodies are made ready before the clock starts; the run ends when they are used up. */
  deliveries: number;
  /** The dedupe keys of what was acknowledged go here, one a line, those of the warm-up too. */
  acknowledgedFile: string;
}

export interface LoadResult {
  sent: number;
  acknowledged: number;
  /** Answers by status; 0: the connection broke. */
  statuses: Record<string, number>;
  /** From the first delivery that counts to the last answer. */
  seconds: number;
  /** Milliseconds of acknowledged deliveries: from when they were due where a rate is kept, else from when they were sent. */
  p50: number;
  p99: number;
  max: number;
  /** CPU time of the generator during the run. */
  cpuSeconds: number;
}

const plan: LoadPlan = JSON.parse(process.argv[2] ?? '{}');
const { hostname, port, pathname } = new URL(plan.url);

function bodyOf(index: number): Buffer {
  const at = 1_780_000_000_000 + index;
  const contact = 6_000_000_000_000_000 + (index % 5_000);
  const message = `{"mid":"m_${plan.run}_${index}","text":"Wo bleibt meine Bestellung #${index}? Gr\\u00fc\\u00dfe"}`;
  const people = `"sender":{"id":"${contact}"},"recipient":{"id":"100000000000001"}`;
  const item = `{${people},"timestamp":${at},"message":${message}}`;
  return Buffer.from(
    `{"object":"page","entry":[{"id":"100000000000001","time":${at + 7},"messaging":[${item}]}]}`,
  );
}

function requestOf(body: Buffer): Buffer {
  const signature = createHmac('sha256', plan.secret).update(body).digest('hex');
  const head = [
    `POST ${pathname} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    `X-Hub-Signature-256: sha256=${signature}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}

const requests = Array.from({ length: plan.deliveries }, (_, index) => requestOf(bodyOf(index)));
const idle = Array.from({ length: plan.connections }, () => new HttpConnection(hostname, Number(port)));
const all = [...idle];
const statuses: Record<string, number> = {};
const latencies: number[] = [];
const acknowledged: number[] = [];
const { promise: ended, resolve: end } = Promise.withResolvers<void>();
const startedAt = performance.now();
const countsFrom = startedAt + plan.warmUpSeconds * 1_000;
let cpuBefore = process.cpuUsage();
let isWarm = false;
let counted = 0;
let next = 0;
let running = 0;
let over = false;

function sendOne(connection: HttpConnection, dueAt: number): void {
  const index = next;
  const request = requests[index];
  if (request === undefined) return;
  next += 1;
  running += 1;
  connection.send(request, (status) => {
    running -= 1;
    if (status === 200) acknowledged.push(index);
    if (dueAt >= countsFrom) {
      counted += 1;
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status === 200) latencies.push(performance.now() - dueAt);
    }
    idle.push(connection);
    goOn();
  });
}

/** How many deliveries were due by now. */
function due(now: number): number {
  if (plan.rate === undefined) return requests.length;
  return Math.min(requests.length, Math.floor(((now - startedAt) / 1_000) * plan.rate) + 1);
}

function goOn(): void {
  const now = performance.now();
  if (!isWarm && now >= countsFrom) {
    isWarm = true;
    cpuBefore = process.cpuUsage();
    process.stdout.write('ready\n');
  }
  over ||= now - countsFrom >= plan.seconds * 1_000 || next >= requests.length;
  while (!over && idle.length > 0 && next < due(now)) {
    const connection = idle.pop();
    if (connection === undefined) break;
    sendOne(connection, plan.rate === undefined ? now : startedAt + (next / plan.rate) * 1_000);
  }
  if (over && running === 0) end();
}

const pace = setInterval(goOn, 1);
goOn();
await ended;
clearInterval(pace);
const seconds = (performance.now() - countsFrom) / 1_000;
const cpu = process.cpuUsage(cpuBefore);
for (const connection of all) connection.close();
const keys = acknowledged.map((index) => createHash('sha256').update(bodyOf(index)).digest('hex'));
await writeFile(plan.acknowledgedFile, keys.join('\n'));
const result: LoadResult = {
  sent: counted,
  acknowledged: latencies.length,
  statuses,
  seconds,
  p50: quantile(latencies, 0.5),
  p99: quantile(latencies, 0.99),
  max: quantile(latencies, 1),
  cpuSeconds: (cpu.user + cpu.system) / 1_000_000,
};
process.stdout.write(`${JSON.stringify(result)}\n`);

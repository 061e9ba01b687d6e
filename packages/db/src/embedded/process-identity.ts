import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { platform } from 'node:os';

/**
 * What tells a process from a later one with the same pid: pid and start time. `undefined` when no such
 * process runs. A zombie counts as gone: without an init process that reaps, a killed server stays one for good.
 */
export function processIdentity(pid: number): string | undefined {
  return platform() === 'linux' ? identityFromProc(pid) : identityFromPs(pid);
}

/** Whether the process that once had this identity still runs. */
export function isAlive(identity: string): boolean {
  const pid = Number.parseInt(identity, 10);
  return Number.isInteger(pid) && pid > 0 && processIdentity(pid) === identity;
}

/**
 * Whether `pid` is a PostgreSQL server of this cluster. A pid file that outlived its server may name a
 * process of somebody else, most of all in containers, where the same small pids come back.
 */
export function isPostmasterOf(pid: number, clusterDirectory: string): boolean {
  if (processIdentity(pid) === undefined) return false;
  const command = commandOf(pid);
  // Not readable (another user's process behind hidepid): believe the pid file, the connection test decides.
  if (command === undefined) return true;
  // The first argument is the program, whose path may hold spaces; what the server's children show differs.
  return /(^|\/)postgres[\0 ]-D[\0 ]/.test(command) && command.includes(clusterDirectory);
}

function identityFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    const startTime = fields[19];
    if (state === 'Z' || state === 'X' || startTime === undefined) return undefined;
    return `${pid} ${startTime}`;
  } catch {
    return undefined;
  }
}

function identityFromPs(pid: number): string | undefined {
  const line = ps(pid, 'stat=,lstart=');
  if (line === undefined || line === '' || line.startsWith('Z')) return undefined;
  return `${pid} ${line.slice(line.search(/\s/)).trim()}`;
}

function commandOf(pid: number): string | undefined {
  if (platform() !== 'linux') return ps(pid, 'command=');
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return undefined;
  }
}

function ps(pid: number, format: string): string | undefined {
  try {
    return execFileSync('ps', ['-o', format, '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}

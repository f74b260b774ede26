import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { folderWith } from './command.ts';
import { until } from './until.ts';

const programs = { munged: '/usr/sbin/munged', slurmctld: '/usr/sbin/slurmctld', slurmd: '/usr/sbin/slurmd' };

/** What Slurm knows of a task. */
export interface TaskState {
  readonly state: string;
  readonly restarts: number;
  /** exit code, and the signal that ended it */
  readonly exitCode: string;
  readonly node: string;
}

/**
 * A cluster of Slurm on the loopback interface: an authentication daemon, a controller and two nodes of two cores each,
 * with accounting of processes through /proc, so that it runs in a container.
 */
export class SlurmCluster {
  readonly folder = folderWith();
  private readonly daemons: ChildProcess[] = [];
  private readonly configuration = join(this.folder, 'slurm.conf');
  private readonly logs: string[] = [];
  private isUp = false;

  /** Starts the daemons, and waits until both nodes are idle. */
  async start(): Promise<void> {
    const [controllerPort, ...nodePorts] = await freePorts(3);
    const { username } = userInfo();
    const host = hostname().split('.')[0];
    const socket = join(this.folder, 'munge.socket');
    const key = join(this.folder, 'munge.key');
    writeFileSync(key, randomBytes(128), { mode: 0o400 });
    mkdirSync(join(this.folder, 'state'));
    const nodes = nodePorts.map(
      (port, n) => `NodeName=n${n + 1} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${port} CPUs=2 RealMemory=8192`,
    );
    const settings = [
      'ClusterName=test',
      `SlurmctldHost=${host}(127.0.0.1)`,
      `AuthInfo=socket=${socket}`,
      'CredType=cred/munge',
      `SlurmUser=${username}`,
      `SlurmdUser=${username}`,
      `SlurmctldPort=${controllerPort}`,
      `StateSaveLocation=${join(this.folder, 'state')}`,
      `SlurmdSpoolDir=${join(this.folder, 'spool-%n')}`,
      `SlurmctldPidFile=${join(this.folder, 'slurmctld.pid')}`,
      `SlurmdPidFile=${join(this.folder, 'slurmd-%n.pid')}`,
      'ProctrackType=proctrack/linuxproc',
      'TaskPlugin=task/none',
      'SelectType=select/cons_tres',
      'SelectTypeParameters=CR_Core',
      'MpiDefault=none',
      'MailProg=/bin/true',
      'ReturnToService=2',
      'SchedulerParameters=batch_sched_delay=0,sched_min_interval=100000',
      ...nodes,
      'PartitionName=all Nodes=ALL Default=YES State=UP',
    ];
    writeFileSync(this.configuration, `${settings.join('\n')}\n`);
    const munge = ['pid', 'log', 'seed'].map((name) => `--${name}-file=${join(this.folder, `munge.${name}`)}`);
    // Without --force, other users would have to be able to reach the socket.
    this.launch(programs.munged, '--foreground', '--force', `--key-file=${key}`, `--socket=${socket}`, ...munge);
    await until('munged answers', () => spawnSync('munge', ['--no-input', `--socket=${socket}`]).status === 0);
    this.launch(programs.slurmctld, '-D', '-f', this.configuration);
    for (const node of ['n1', 'n2']) this.launch(programs.slurmd, '-D', '-f', this.configuration, '-N', node);
    await until('two nodes are idle', () => this.control('sinfo', '-h', '-N', '-o', '%t').trim() === 'idle\nidle');
    this.isUp = true;
  }

  /** Runs a command of Slurm, and returns its stdout: empty if it fails. */
  control(command: string, ...args: readonly string[]): string {
    return spawnSync(command, args, { env: this.environment(), encoding: 'utf8' }).stdout;
  }

  /** Submits a batch script, and returns the number of its job. */
  submit(script: string, cwd: string, ...options: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync('sbatch', ['--parsable', ...options], {
      cwd,
      env: this.environment(),
      input: script,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`sbatch: ${stderr}`);
    return stdout.trim();
  }

  /** Returns what Slurm knows of the task of an array. */
  taskOf(job: string, task: number): TaskState {
    const shown = this.control('scontrol', 'show', 'job', `${job}_${task}`);
    const field = (name: string): string => new RegExp(`\\b${name}=(\\S+)`).exec(shown)?.[1] ?? '';
    const node = /\n {3}NodeList=(\S+)/.exec(shown)?.[1] ?? '';
    return { state: field('JobState'), restarts: Number(field('Restarts')), exitCode: field('ExitCode'), node };
  }

  /**
   * Waits until a task was requeued so many times, and starts it soon: Slurm would do so after two minutes. A node
   * refuses a task in the second in which it was requeued.
   */
  async startAgain(job: string, task: number, restarts: number): Promise<void> {
    await until(`task ${task} is requeued`, () => {
      const now = this.taskOf(job, task);
      return now.state === 'PENDING' && now.restarts === restarts;
    });
    this.control('scontrol', 'update', `JobId=${job}_${task}`, 'StartTime=now+2');
  }

  /** Ends all jobs and daemons, and returns what the daemons logged. */
  async stop(): Promise<string> {
    if (this.isUp) {
      this.control('scancel', '--user', userInfo().username);
      await until('no job is left', () => this.control('squeue', '-h').trim() === '').catch(() => undefined);
    }
    for (const daemon of this.daemons.reverse()) {
      daemon.kill('SIGTERM');
      await Promise.race([exited(daemon), setTimeout(3000)]);
      daemon.kill('SIGKILL');
      await exited(daemon);
    }
    return this.logs.join('');
  }

  private launch(program: string, ...args: readonly string[]): void {
    const daemon = spawn(program, args, { env: this.environment(), stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [daemon.stdout, daemon.stderr]) stream?.on('data', (text) => this.logs.push(String(text)));
    this.daemons.push(daemon);
  }

  private environment() {
    return { ...process.env, SLURM_CONF: this.configuration };
  }
}

const exited = (child: ChildProcess): Promise<unknown> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('exit', resolve));

/** Returns ports of the loopback interface that are free. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { readonly port: number }).port);
  for (const server of servers) server.close();
  return ports;
}

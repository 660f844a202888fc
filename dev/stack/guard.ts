import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';

export type Guard = {
  /** From now on this process and its group, which it must lead, end when we end, however (`kill -9` as well). */
  add(pid: number): void;
  /** It has ended by itself: its id may soon be another's. */
  drop(pid: number): void;
  /** Nothing is left to guard. */
  dismiss(): void;
};

/** Sees to it that child processes do not outlive us; a throw-away folder is removed after them. */
export function openGuard(throwAway = ''): Guard {
  const shell = spawn('/bin/sh', ['-c', script, 'guard', throwAway], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const orders = shell.stdin as Socket;
  orders.on('error', () => {});
  // Neither the guard nor its pipe keeps us running.
  orders.unref();
  shell.unref();
  return {
    add: (pid) => orders.write(`add ${pid}\n`),
    drop: (pid) => orders.write(`drop ${pid}\n`),
    dismiss: () => orders.end('dismiss\n'),
  };
}

/**
 * A tiny shell that reads our orders from a pipe. The system closes the pipe when we are gone; the shell then
 * ends what is left: politely, and after 10 s by force. It has a session of its own, so no Ctrl-C reaches it.
 */
const script = `
trap '' INT TERM HUP
pids=' '
while read -r order pid; do
  case $order in
    add) pids="$pids$pid " ;;
    drop) case $pids in *" $pid "*) pids="\${pids%% $pid *} \${pids#* $pid }" ;; esac ;;
    dismiss) exit 0 ;;
  esac
done
runs() {
  kill -0 "$1" 2>/dev/null || return 1
  # Ended, but its new parent does not care (Linux): as good as gone.
  read -r stat 2>/dev/null < "/proc/$1/stat" || return 0
  case $stat in *') Z '*) return 1 ;; esac
}
left() { for pid in $pids; do runs "$pid" && return 0; done; return 1; }
for pid in $pids; do kill -TERM "-$pid"; kill -CONT "-$pid"; done 2>/dev/null
tries=0
while left && [ $tries -lt 50 ]; do sleep 0.2; tries=$((tries + 1)); done
for pid in $pids; do kill -KILL "-$pid"; done 2>/dev/null
[ -z "$1" ] || rm -rf "$1"
`;

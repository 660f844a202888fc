export type Process = { pid: number; birth: string | undefined };
export type Lock = { release(): void; holder?: undefined } | { release?: undefined; holder: number };
export function takeLock(file: string): Lock;
export function waitForLock(file: string, onWait: (holder: number) => void): Promise<() => void>;
export function lockFile(name: string, folder: string): string;
export function identify(pid: number): Process;
export function isAlive(process: Process): boolean;

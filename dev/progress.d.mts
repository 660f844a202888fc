export type Steps = {
  begin(text: string): void;
  end(): void;
  fail(): void;
  drop(): void;
  clear(): void;
};
export function showSteps(stream?: { isTTY?: boolean; write(text: string): unknown }): Steps;

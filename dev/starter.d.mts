export function whenStarterEnds(gone: () => void): void;

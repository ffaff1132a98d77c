/** Called by VS Code when the first file that may concern Kafka is opened. */
export function activate(): void {}

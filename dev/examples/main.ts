import closeWithGrace from 'close-with-grace';
import { startExamples } from './server.ts';

/** The example apps as a program, beside `npm start`. */
const { PORT = '3000', EXAMPLES_PORT = '4300' } = process.env;
const api = `http://127.0.0.1:${PORT}`;
const examples = await startExamples({ api, port: Number(EXAMPLES_PORT), root: process.cwd() });
console.log(`examples listening on ${examples.url}`);
closeWithGrace({ delay: 5_000, logger: false }, () => examples.close());

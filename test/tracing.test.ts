import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { isSampled, readTraceParent, traceIdOf } from '../engine/platform/trace-ids.ts';
import { startGroup, type TestGroup } from './support/group.ts';
import { until } from './support/rows.ts';
import { openSid } from './support/session.ts';
import { openWorld, type World } from './support/world.ts';

type Span = {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  attributes: { key: string; value: { stringValue?: string; intValue?: string } }[];
};
const textOf = ({ attributes }: Span, name: string) => attributes.find(({ key }) => key === name)?.value.stringValue;
type Body = { resourceSpans: { resource: object; scopeSpans: { spans: Span[] }[] }[] };

/** A collector that keeps what it is sent in memory. */
async function openCollector(): Promise<{ url: string; spans: Span[]; seen: string[]; server: Server }> {
  const spans: Span[] = [];
  const seen: string[] = [];
  const server = createServer(async (req, res) => {
    let body = '';
    for await (const piece of req) body += piece;
    const { resourceSpans } = JSON.parse(body) as Body;
    seen.push(`${req.method} ${req.url} ${req.headers['x-key']} ${JSON.stringify(resourceSpans[0]?.resource)}`);
    spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
    res.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans, seen, server };
}

describe('traces', () => {
  let collector: Awaited<ReturnType<typeof openCollector>>;
  let world: World;
  let group: TestGroup;
  before(async () => {
    collector = await openCollector();
    world = await openWorld({
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20key',
        OTEL_SERVICE_NAME: 'town',
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
      },
    });
    group = await startGroup(world, ['Ann', 'Bob', 'Cy']);
  });
  after(async () => {
    await world.close();
    collector.server.close();
  });

  it('follow a text from the webhook over the queues to the carrier, also below the trace of a caller', async () => {
    const [ann = ''] = Object.values(group.phones);
    const caller = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
    const params = { sid: await openSid(world, ann), number: group.number, message: 'Hello' };
    const traceparent = `00-${caller.traceId}-${caller.spanId}-01`;
    const { headers } = await world.call('/message/send', params, { headers: { traceparent } });
    expect(headers.get('x-request-id')).to.equal(caller.traceId);
    await world.quiet();
    const mine = () => collector.spans.filter(({ traceId }) => traceId === caller.traceId);
    const named = (name: string) => mine().filter((span) => span.name === name);
    // Where the carrier has more to say of a text than its end, that is there too.
    const arrived = () => named('report plivo').filter((span) => textOf(span, 'texting.status') === 'delivered');
    const counts = () => [named('POST'), named('fan-out'), named('send plivo'), arrived()].map((some) => some.length);
    await until('every process has told', async () => counts().join() === '1,1,2,2');
    const [root] = named('POST');
    const [fanOut] = named('fan-out');
    expect(root?.parentSpanId).to.equal(caller.spanId);
    expect(fanOut?.parentSpanId).to.equal(root?.spanId);
    expect(named('send plivo').map((span) => span.parentSpanId)).to.deep.equal([fanOut?.spanId, fanOut?.spanId]);
    expect(arrived().map((span) => span.parentSpanId)).to.deep.equal([fanOut?.spanId, fanOut?.spanId]);
    const tries = (spans: Span[]) => spans.map((span) => textOf(span, 'messaging.message.id')).sort();
    expect(tries(arrived())).to.deep.equal(tries(named('send plivo')));
    expect(root?.attributes).to.deep.include({ key: 'http.route', value: { stringValue: '/message/send' } });
    expect(JSON.stringify(mine())).to.not.contain(ann).and.not.contain('Hello');
  });

  it('go to the collector under the standard names', () => {
    const [first = ''] = collector.seen;
    expect(first).to.match(/^POST \/v1\/traces a key /);
    expect(first).to.contain('"town"').and.contain('deployment.environment.name');
    for (const type of ['web', 'fanout', 'sender'])
      expect(collector.seen.join('\n')).to.contain(`{"key":"process.type","value":{"stringValue":"${type}"}}`);
  });

  it('bear the id of the request, and a share of them is the same share in every process', () => {
    expect(traceIdOf('4BF92F35-77B3-4DA6-A3CE-929D0E0E4736')).to.equal('4bf92f3577b34da6a3ce929d0e0e4736');
    expect(traceIdOf('proxy-12345')).to.match(/^[0-9a-f]{32}$/);
    expect(readTraceParent('00-00000000000000000000000000000000-00f067aa0ba902b7-01')).to.equal(null);
    expect(readTraceParent('nonsense')).to.equal(null);
    const ids = Array.from({ length: 1_000 }, (_, at) => traceIdOf(`request ${at}`));
    expect(ids.filter((id) => isSampled(id, 0.1)).length).to.be.within(60, 140);
    expect(ids.every((id) => isSampled(id, 1))).to.equal(true);
  });
});

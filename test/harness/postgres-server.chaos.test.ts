import { expect, test } from '@jest/globals';
import postgres from 'postgres';
import { eventually } from '../support/eventually.ts';
import { startPostgresServer } from '../support/postgres-server.ts';

test('a killed or restarted server comes back at the same address with everything it acknowledged', async () => {
  const server = await startPostgresServer({ migrated: false });
  const sql = postgres(server.url, { max: 1, onnotice: () => undefined });
  await sql`create table kept (id int primary key)`;
  const steps = [
    () => server.kill().then(() => server.start()),
    () => server.restart('immediate'),
    () => server.restart('fast'),
  ];
  for (const [index, step] of steps.entries()) {
    await eventually(() => sql`insert into kept values (${index}) on conflict do nothing`);
    await step();
    await eventually(async () => expect(await sql`select id from kept`).toHaveLength(index + 1));
  }
  await sql.end();
});

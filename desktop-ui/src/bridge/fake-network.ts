// The part of the scripted host about the way to the server: what was chosen for it, and a test of it.

import type { NetworkChoice } from './device/NetworkChoice';
import type { NetworkView } from './device/NetworkView';
import type { ProxyLoginChoice } from './device/ProxyLoginChoice';
import type { ConnectionTest } from './generated/ConnectionTest';
import type { TestStep } from './generated/TestStep';
import { FakeUpdates } from './fake-updates.ts';
import { HostError } from './host.ts';

export class FakeNetwork extends FakeUpdates {
  /** What a test changes here is as if it had been so at the start. */
  way: NetworkView = {
    choice: { mode: 'system', proxy: '', bypass: [], extra_ca_file: '' },
    proxy_decided: false,
    ca_decided: false,
    proxy_in_use: null,
    user: null,
    login_for_this_run: false,
    ca_fault: null,
  };
  /** What a test of the connection finds, step by step. */
  found: TestStep[] = [
    { kind: 'dns', took_ms: 12, outcome: { outcome: 'fine', detail: '203.0.113.7, 2001:db8::7' } },
    { kind: 'tcp', took_ms: 24, outcome: { outcome: 'fine', detail: 'chat.orchard.example:443' } },
    { kind: 'proxy', took_ms: 0, outcome: { outcome: 'skipped', why: 'no_proxy' } },
    { kind: 'tls', took_ms: 31, outcome: { outcome: 'fine', detail: 'TLSv1_3, CN=Orchard Issuing CA 2' } },
    { kind: 'https', took_ms: 18, outcome: { outcome: 'fine', detail: '200 OK' } },
    { kind: 'socket', took_ms: 44, outcome: { outcome: 'fine', detail: '101 Switching Protocols' } },
    { kind: 'clock', took_ms: 0, outcome: { outcome: 'fine', detail: '' } },
  ];

  network = () => this.do('network', () => this.way);

  setNetwork = (choice: NetworkChoice) =>
    this.do(`setNetwork ${JSON.stringify(choice)}`, () => {
      if (choice.mode === 'manual' && !/^[\w.:/[\]-]+$/.test(choice.proxy)) {
        throw new HostError({ reason: 'invalid_address', address: choice.proxy });
      }
      const inUse = choice.mode === 'manual' ? choice.proxy : null;
      const isOther = inUse !== this.way.proxy_in_use;
      this.way = { ...this.way, choice, proxy_in_use: inUse, user: isOther ? null : this.way.user };
      return this.way;
    });

  setProxyLogin = (login: ProxyLoginChoice | null) =>
    this.do(`setProxyLogin ${login?.user ?? 'none'}`, () => {
      this.way = { ...this.way, user: login?.user ?? null };
      return this.way;
    });

  testConnection = (server: string | null) =>
    this.do(`testConnection ${server ?? 'own'}`, () => {
      const test: ConnectionTest = {
        server: server ?? this.world.server,
        started_at: Date.now(),
        proxy: this.way.proxy_in_use,
        steps: [],
        done: false,
      };
      this.found.forEach((_, index) => this.tellTest({ ...test, steps: this.found.slice(0, index + 1) }));
      const done = { ...test, steps: this.found, done: true };
      this.tellTest(done);
      return done;
    });

  /** A test came one step further. */
  tellTest(test: ConnectionTest): void {
    this.tell({ change: 'connection_test', test });
  }
}

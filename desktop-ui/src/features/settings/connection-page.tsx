// How this device reaches its server: what is wrong now, the proxy, whom to trust, and a test of the way.

import { useConnection } from '#bridge/context.tsx';
import type { Failure } from '#bridge/generated/Failure.ts';
import { failureSentence, pageProblem } from '#text/failure.ts';
import { certificateFacts, certificateReason } from '#text/network-failure.ts';
import { text } from '#text/text.ts';
import { CopyButton } from '#ui/copy-button.tsx';
import { Facts } from '#ui/facts.tsx';
import { Loaded } from '#ui/loaded.tsx';
import { Notice } from '#ui/notice.tsx';
import { Page, PagePart } from '#ui/page.tsx';

import { AuthoritiesPart } from './authorities-part.tsx';
import { ConnectionTestPart } from './connection-test-part.tsx';
import { useNetwork } from './network-queries.ts';
import { ProxyLoginPart } from './proxy-login-part.tsx';
import { ProxyPart } from './proxy-part.tsx';

export function ConnectionPage() {
  const network = useNetwork();
  const connection = useConnection();
  const trouble = connection === undefined || connection.state === 'online' ? undefined : connection.trouble;
  const say = text.connectionSettings;
  return (
    <Page title={say.title} lead={say.lead}>
      {trouble !== undefined && <Trouble trouble={trouble} />}
      <Loaded
        data={network.data}
        problem={network.isError ? pageProblem(network.error) : undefined}
        onTryAgain={() => void network.refetch()}
      >
        {(view) => (
          <>
            <ProxyPart key={JSON.stringify(view.choice)} view={view} />
            {view.proxy_in_use !== null && (
              <ProxyLoginPart key={view.proxy_in_use} proxy={view.proxy_in_use} view={view} />
            )}
            <AuthoritiesPart key={view.choice.extra_ca_file} view={view} />
          </>
        )}
      </Loaded>
      <ConnectionTestPart />
    </Page>
  );
}

function Trouble({ trouble }: { trouble: Failure }) {
  const say = text.certificate;
  if (trouble.reason !== 'certificate_not_trusted') {
    return <Notice kind="danger">{failureSentence(trouble)}</Notice>;
  }
  const facts = certificateFacts(trouble.address, trouble.certificate);
  const reason = certificateReason(trouble.certificate);
  const copied = [{ name: say.problem, value: reason }, ...facts].map(({ name, value }) => `${name}: ${value}`);
  return (
    <PagePart
      title={text.connectionSettings.trouble}
      actions={<CopyButton text={copied.join('\n')} label={say.copy} done={say.copied} />}
    >
      <Notice kind="danger">{reason}</Notice>
      <Facts label={say.details} facts={facts} />
    </PagePart>
  );
}

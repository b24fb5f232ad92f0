import {
  onExistingPasswordProvidedEvent,
  WorkflowSettings,
  WorkflowTrigger,
  createKindeAPI,
  getEnvironmentVariable,
} from "@kinde/infrastructure";

export const workflowSettings: WorkflowSettings = {
  id: "legacyAzureB2C",
  name: "Former Azure tenant",
  trigger: WorkflowTrigger.ExistingPasswordProvided,
  failurePolicy: { action: "stop" },
  bindings: {
    "kinde.fetch": {},
    "kinde.env": {},
    "url": {},
  },
};

export default async function Workflow(event: onExistingPasswordProvidedEvent) {
  const { providedEmail, password, hasUserRecordInKinde } = event.context.auth;
  if (hasUserRecordInKinde) return;

  const tenant = getEnvironmentVariable("AZURE_B2C_TENANT")?.value;
  const policy = getEnvironmentVariable("AZURE_B2C_ROPC_POLICY")?.value;
  const scope = getEnvironmentVariable("AZURE_B2C_SCOPE")?.value;
  const body = new URLSearchParams({
    grant_type: "password",
    client_id: getEnvironmentVariable("AZURE_B2C_CLIENT_ID")?.value,
    scope: `openid ${scope}`,
    username: providedEmail,
    password,
    response_type: "token",
  });
  const answer = await kinde.fetch(
    `https://${tenant}.b2clogin.com/${tenant}.onmicrosoft.com/${policy}/oauth2/v2.0/token`,
    {
      method: "POST",
      responseFormat: "json",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: body.toString(),
    },
  );
  if (!answer.ok) return;

  const kindeAPI = await createKindeAPI(event);
  const { user } = await kindeAPI.post("/api/v1/user", {
    profile: { email: providedEmail },
    identities: [{ type: "email", details: { email: providedEmail } }],
  });
  await kindeAPI.put(`/api/v1/users/${user.id}/password`, {
    password,
    is_temporary_password: false,
  });
}

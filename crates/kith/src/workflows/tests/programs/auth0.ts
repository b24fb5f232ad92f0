import {
  onExistingPasswordProvidedEvent,
  WorkflowSettings,
  WorkflowTrigger,
  createKindeAPI,
  getEnvironmentVariable,
} from "@kinde/infrastructure";

export const workflowSettings: WorkflowSettings = {
  id: "legacyAuth0",
  name: "Former tenant at Auth0",
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

  const domain = getEnvironmentVariable("AUTH0_DOMAIN")?.value;
  const answer = await kinde.fetch(`https://${domain}/oauth/token`, {
    method: "POST",
    responseFormat: "json",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      grant_type: "password",
      username: providedEmail,
      password,
      audience: getEnvironmentVariable("AUTH0_AUDIENCE")?.value,
      client_id: getEnvironmentVariable("AUTH0_CLIENT_ID")?.value,
      client_secret: getEnvironmentVariable("AUTH0_CLIENT_SECRET")?.value,
    }),
  });
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

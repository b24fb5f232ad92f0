import {
  onExistingPasswordProvidedEvent,
  WorkflowSettings,
  WorkflowTrigger,
  createKindeAPI,
} from "@kinde/infrastructure";

export const workflowSettings: WorkflowSettings = {
  id: "legacyCheck",
  name: "Former system",
  trigger: WorkflowTrigger.ExistingPasswordProvided,
  failurePolicy: { action: "stop" },
  bindings: {
    "kinde.fetch": {},
    "kinde.secureFetch": {},
    "url": {},
  },
};

export default async function Workflow(event: onExistingPasswordProvidedEvent) {
  const { providedEmail, password, hasUserRecordInKinde } = event.context.auth;
  if (hasUserRecordInKinde) return;

  // The former system decides.
  const answer = await kinde.secureFetch("https://former.example.com/validate", {
    method: "POST",
    responseFormat: "json",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email: providedEmail, password }),
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

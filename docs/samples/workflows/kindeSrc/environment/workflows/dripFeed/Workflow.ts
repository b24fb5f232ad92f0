import { createKindeAPI, getEnvironmentVariable, WorkflowSettings, WorkflowTrigger } from "@kinde/infrastructure";

export const workflowSettings: WorkflowSettings = {
  id: "dripFeed",
  name: "Ask the former system",
  trigger: WorkflowTrigger.ExistingPasswordProvided,
  failurePolicy: { action: "stop" },
  bindings: { "kinde.fetch": {}, "kinde.env": {}, url: {} },
};

export default async function dripFeed(event) {
  const { providedEmail, password, hasUserRecordInKinde } = event.context.auth;
  if (hasUserRecordInKinde) return;

  const former = getEnvironmentVariable("FORMER_URL")?.value;
  if (!former) {
    console.warn("FORMER_URL is not set, so nobody is asked");
    return;
  }
  const answer = await kinde.fetch(`${former}/check-password`, {
    method: "POST",
    responseFormat: "json",
    headers: { "Content-Type": "application/json" },
    body: { email: providedEmail, password },
  });
  if (!answer.ok) return;

  const api = await createKindeAPI(event);
  const { user } = await api.post("user", {
    profile: { given_name: answer.json.first_name, family_name: answer.json.last_name },
    identities: [{ type: "email", is_verified: true, details: { email: providedEmail } }],
  });
  await api.put(`users/${user.id}/password`, { password, is_temporary_password: false });
}

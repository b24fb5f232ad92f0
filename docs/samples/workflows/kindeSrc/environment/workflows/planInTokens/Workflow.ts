import { accessTokenCustomClaims, WorkflowSettings, WorkflowTrigger } from "@kinde/infrastructure";

export const workflowSettings: WorkflowSettings = {
  id: "planInTokens",
  name: "Plan in tokens",
  trigger: WorkflowTrigger.UserTokenGeneration,
  failurePolicy: { action: "continue" },
  bindings: { "kinde.accessToken": {} },
};

export default async function planInTokens(event) {
  const claims = accessTokenCustomClaims<{ plan: string }>();
  claims.plan = event.context.organization ? "team" : "personal";
}

import { denyAccess, WorkflowSettings, WorkflowTrigger } from "@kinde/infrastructure";
import { isDisposable } from "./services";

export const workflowSettings: WorkflowSettings = {
  id: "noDisposableMail",
  name: "No disposable mail",
  trigger: WorkflowTrigger.UserPreRegistration,
  failurePolicy: { action: "continue" },
  bindings: { "kinde.auth": {} },
};

export default async function noDisposableMail(event) {
  const { email } = event.context.user;
  if (isDisposable(email)) denyAccess("Please use an address that you will still have tomorrow.");
}

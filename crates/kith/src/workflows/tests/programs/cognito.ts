import {
  onExistingPasswordProvidedEvent,
  WorkflowSettings,
  WorkflowTrigger,
  createKindeAPI,
  getEnvironmentVariable,
} from "@kinde/infrastructure";

export const workflowSettings: WorkflowSettings = {
  id: "legacyCognito",
  name: "Former user pool",
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

  const region = getEnvironmentVariable("AWS_REGION")?.value;
  const answer = await kinde.fetch(`https://cognito-idp.${region}.amazonaws.com/`, {
    method: "POST",
    responseFormat: "json",
    headers: {
      "Content-Type": "application/x-amz-json-1.1",
      "X-Amz-Target": "AWSCognitoIdentityProviderService.AdminInitiateAuth",
    },
    body: JSON.stringify({
      AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
      ClientId: getEnvironmentVariable("COGNITO_CLIENT_ID")?.value,
      UserPoolId: getEnvironmentVariable("COGNITO_USER_POOL_ID")?.value,
      AuthParameters: { USERNAME: providedEmail, PASSWORD: password },
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

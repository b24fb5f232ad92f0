const SERVICES = ["mailinator.example", "tenminutes.example"];

export function isDisposable(email: string): boolean {
  return SERVICES.some((service) => email.toLowerCase().endsWith(`@${service}`));
}

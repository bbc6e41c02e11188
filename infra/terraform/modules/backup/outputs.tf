output "vault" {
  description = "Where the copies are."
  value       = aws_backup_vault.this.name
}

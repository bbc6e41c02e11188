output "backend" {
  description = "What the files `backend.s3.tfbackend` of the environments say, beside the key."
  value       = { bucket = module.state.bucket, kms_key_id = aws_kms_alias.state.arn, region = var.region }
}

output "deploy_role" {
  description = "The role that workflows take, if there is one."
  value       = one([for role in aws_iam_role.deploy : role.arn])
}

output "bucket" {
  description = "Its name, known once it can be written to."
  value       = aws_s3_bucket_policy.this.bucket
}

output "arn" {
  description = "The bucket."
  value       = aws_s3_bucket.this.arn
}

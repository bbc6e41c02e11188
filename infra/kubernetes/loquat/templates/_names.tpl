{{/* What everything of one service is found by. */}}
{{- define "loquat.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{/* What everything carries. */}}
{{- define "loquat.labels" -}}
{{ include "loquat.selector" . }}
app.kubernetes.io/part-of: loquat
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{/* The name of everything of one service. */}}
{{- define "loquat.fullname" -}}
{{ printf "%s-%s" .root.Release.Name .name | trunc 52 | trimSuffix "-" }}
{{- end }}

{{/* An image by its digest where there is one, else by the tag. */}}
{{- define "loquat.image" -}}
{{- $registry := required "image.registry is missing: name where the images lie, such as registry.example.org/loquat" .root.Values.image.registry -}}
{{- if .service.digest -}}
{{ printf "%s/%s@%s" $registry .name .service.digest }}
{{- else -}}
{{ printf "%s/%s:%s" $registry .name (required (printf "image.tag is missing: name a version, or services.%s.digest" .name) .root.Values.image.tag) }}
{{- end -}}
{{- end }}

{{/* The settings of a service: what the chart knows itself, those of all, and its own, which win. */}}
{{- define "loquat.settings" -}}
{{- $known := dict "LISTEN" "0.0.0.0:8080" "OPS_LISTEN" "0.0.0.0:9090" "DATA_DIR" "/data" "PUBLIC_URL" (required "publicUrl is missing: name the address people use, such as https://chat.example.org" .root.Values.publicUrl) -}}
{{- if eq .name "chat-service" -}}
{{- $users := include "loquat.fullname" (dict "root" .root "name" "user-service") -}}
{{- $known = set $known "JWKS_URL" (printf "http://%s:8080/.well-known/jwks.json" $users) -}}
{{- end -}}
{{- range $variable, $key := .service.secretFiles -}}
{{- $known = set $known $variable (printf "/run/secrets/loquat/%s" $key) -}}
{{- end -}}
{{- toYaml (mergeOverwrite $known (deepCopy .root.Values.settings) (deepCopy .service.settings)) -}}
{{- end }}

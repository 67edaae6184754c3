// Describes every object of a folder of `kubectl get -o json` lists with kubectl's own describers, which ask a server
// of this program's that knows those lists alone. Prints a JSON line an object, and first one with the time.
//
// usage: kube_describe FOLDER
package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"
	"k8s.io/kubectl/pkg/describe"
)

type resource struct {
	schema.GroupVersionResource
	file  string
	items []unstructured.Unstructured
}

func read(folder string) (all []resource) {
	files, _ := filepath.Glob(filepath.Join(folder, "*.json"))
	sort.Strings(files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			panic(err)
		}
		list := unstructured.UnstructuredList{}
		if err := list.UnmarshalJSON(text); err != nil {
			panic(fmt.Sprint(file, err))
		}
		if len(list.Items) == 0 {
			continue
		}
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		plural, _, _ := strings.Cut(name, ".")
		gv, _ := schema.ParseGroupVersion(list.Items[0].GetAPIVersion())
		all = append(all, resource{gv.WithResource(plural), name, list.Items})
	}
	return all
}

func base(r resource) string {
	if r.Group == "" {
		return "/api/" + r.Version
	}
	return "/apis/" + r.Group + "/" + r.Version
}

// field is what a server's field selector compares.
type field struct{ object map[string]any }

func (f field) Has(string) bool { return true }
func (f field) Get(path string) string {
	value, _, _ := unstructured.NestedFieldNoCopy(f.object, strings.Split(path, ".")...)
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

func failure(w http.ResponseWriter, code int, reason, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	json.NewEncoder(w).Encode(map[string]any{"kind": "Status", "apiVersion": "v1", "status": "Failure",
		"reason": reason, "message": message, "code": code})
}

func answer(all []resource, w http.ResponseWriter, request *http.Request) {
	for _, r := range all {
		rest, ok := strings.CutPrefix(request.URL.Path, base(r)+"/")
		if !ok {
			continue
		}
		parts, namespace := strings.Split(rest, "/"), ""
		if len(parts) > 2 && parts[0] == "namespaces" {
			namespace, parts = parts[1], parts[2:]
		}
		if parts[0] != r.Resource {
			continue
		}
		selector, err := labels.Parse(request.URL.Query().Get("labelSelector"))
		if err != nil {
			panic(err)
		}
		field_selector := fields.ParseSelectorOrDie(request.URL.Query().Get("fieldSelector"))
		found := []any{}
		for _, item := range r.items {
			if namespace != "" && item.GetNamespace() != namespace || len(parts) > 1 && item.GetName() != parts[1] ||
				!selector.Matches(labels.Set(item.GetLabels())) || !field_selector.Matches(field{item.Object}) {
				continue
			}
			found = append(found, item.Object)
		}
		w.Header().Set("Content-Type", "application/json")
		if len(parts) == 1 {
			json.NewEncoder(w).Encode(map[string]any{"kind": r.items[0].GetKind() + "List", "apiVersion": r.items[0].GetAPIVersion(),
				"metadata": map[string]any{}, "items": found})
		} else if len(found) == 1 {
			json.NewEncoder(w).Encode(found[0])
		} else {
			qualified := r.Resource
			if r.Group != "" {
				qualified += "." + r.Group
			}
			failure(w, 404, "NotFound", fmt.Sprintf("%s %q not found", qualified, parts[1]))
		}
		return
	}
	parts := strings.Split(request.URL.Path, "/")
	if last := parts[len(parts)-1]; strings.Contains(request.URL.Path, "/leases/") {
		failure(w, 404, "NotFound", fmt.Sprintf("leases.coordination.k8s.io %q not found", last))
		return
	}
	failure(w, 404, "NotFound", "the server could not find the requested resource")
}

func main() {
	all := read(os.Args[1])
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) { answer(all, w, request) }))
	config := &rest.Config{Host: server.URL, QPS: -1}
	out := json.NewEncoder(os.Stdout)
	out.Encode(map[string]any{"began": time.Now().UTC().Format(time.RFC3339Nano)})
	for _, r := range all {
		for _, item := range r.items {
			gvk := item.GroupVersionKind()
			describer, ok := describe.DescriberFor(gvk.GroupKind(), config)
			if !ok {
				scope := meta.RESTScopeNamespace
				if item.GetNamespace() == "" {
					scope = meta.RESTScopeRoot
				}
				mapping := &meta.RESTMapping{Resource: r.GroupVersionResource, GroupVersionKind: gvk, Scope: scope}
				describer, ok = describe.GenericDescriberFor(mapping, config)
			}
			text, err := describer.Describe(item.GetNamespace(), item.GetName(), describe.DescriberSettings{ShowEvents: true, ChunkSize: 500})
			line := map[string]any{"resource": r.file, "namespace": item.GetNamespace(), "name": item.GetName(), "text": text}
			if err != nil {
				line["error"] = err.Error()
			}
			out.Encode(line)
		}
	}
	out.Encode(map[string]any{"ended": time.Now().UTC().Format(time.RFC3339Nano)})
}

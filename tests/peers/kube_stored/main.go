// Says what the values of an etcd are, by Kubernetes' own types: reads `etcdctl get "" --prefix -w json` and prints a JSON
// line for each object, as stored, with the resourceVersion that an apiserver gives it. What is encrypted or no object
// is left out and counted on stderr.
//
// usage: kube_stored <ETCDCTL-JSON
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strconv"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/kubernetes/scheme"
)

type dump struct {
	Kvs []struct {
		Key         []byte `json:"key"`
		Value       []byte `json:"value"`
		ModRevision int64  `json:"mod_revision"`
	} `json:"kvs"`
}

func typed(value []byte, revision string) ([]byte, error) {
	object, gvk, err := scheme.Codecs.UniversalDeserializer().Decode(value, nil, nil)
	if err != nil {
		return nil, err
	}
	object.GetObjectKind().SetGroupVersionKind(*gvk)
	accessor, err := meta.Accessor(object)
	if err != nil {
		return nil, err
	}
	accessor.SetResourceVersion(revision)
	return json.Marshal(object)
}

// Of JSON nothing is decoded into types: it is stored as it is.
func plain(value []byte, revision string) ([]byte, error) {
	var object map[string]interface{}
	decoder := json.NewDecoder(bytes.NewReader(value))
	decoder.UseNumber()
	if err := decoder.Decode(&object); err != nil {
		return nil, err
	}
	if metadata, ok := object["metadata"].(map[string]interface{}); ok {
		metadata["resourceVersion"] = revision
	}
	return json.Marshal(object)
}

func main() {
	var all dump
	if err := json.NewDecoder(bufio.NewReader(os.Stdin)).Decode(&all); err != nil {
		panic(err)
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encrypted := 0
	for _, kv := range all.Kvs {
		read := plain
		if bytes.HasPrefix(kv.Value, []byte("k8s:enc:")) {
			encrypted++
			continue
		} else if bytes.HasPrefix(kv.Value, []byte("k8s\x00")) {
			read = typed
		} else if !bytes.HasPrefix(kv.Value, []byte("{")) {
			continue
		}
		text, err := read(kv.Value, strconv.FormatInt(kv.ModRevision, 10))
		if err != nil {
			fmt.Fprintln(os.Stderr, string(kv.Key), err)
			continue
		}
		line, _ := json.Marshal(map[string]interface{}{"key": string(kv.Key), "object": json.RawMessage(text)})
		out.Write(append(line, '\n'))
	}
	fmt.Fprintln(os.Stderr, encrypted, "encrypted")
}

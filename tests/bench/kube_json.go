// What anybody would write first: every object of a snapshot as a line of JSON, by Kubernetes' own types and
// marshaller over bbolt. The bench measures `salvor get -o jsonl` against it.
//
// usage: kube_json SNAPSHOT
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"sort"

	"go.etcd.io/bbolt"
	"go.etcd.io/etcd/api/v3/mvccpb"
	"google.golang.org/protobuf/proto"
	"k8s.io/client-go/kubernetes/scheme"
)

// The newest value of each live key.
func values(path string) (map[string][]byte, error) {
	db, err := bbolt.Open(path, 0o400, &bbolt.Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	live := map[string][]byte{}
	return live, db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte("key")).ForEach(func(row, value []byte) error {
			var kv mvccpb.KeyValue
			if err := proto.Unmarshal(value, &kv); err != nil {
				return err
			}
			if len(row) > 17 { // a tombstone
				delete(live, string(kv.Key))
			} else {
				live[string(kv.Key)] = kv.Value
			}
			return nil
		})
	})
}

func toJSON(value []byte) ([]byte, error) {
	object, _, err := scheme.Codecs.UniversalDeserializer().Decode(value, nil, nil)
	if err == nil {
		return json.Marshal(object)
	}
	var custom map[string]any
	if err := json.Unmarshal(value, &custom); err != nil {
		return nil, err
	}
	return json.Marshal(custom)
}

func main() {
	live, err := values(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	keys := make([]string, 0, len(live))
	for key := range live {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	defer out.Flush()
	objects, size := 0, 0
	for _, key := range keys {
		if text, err := toJSON(live[key]); err == nil {
			out.Write(append(text, '\n'))
			objects++
			size += len(live[key])
		}
	}
	fmt.Fprintf(os.Stderr, "%d objects, %d bytes\n", objects, size)
}

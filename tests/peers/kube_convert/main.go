// Makes stored objects of every kind and version that one release of Kubernetes knows, and says what its apiserver
// would serve of each, in every version: decoded as from storage, defaulted, converted, as JSON. Made are objects with
// random fields, each stored in every version, and objects of which hardly any field is set; besides, what is in the
// folders of testdata.
//
// usage: kube_convert OUT COUNT KINDS [TESTDATA...]     KINDS: a file of lines GROUP TAB KIND TAB OTHER-GROUPS
//
// OUT/NAME.pb is stored, OUT/NAME.to.GROUP.VERSION.json what is served of it.
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/api/apitesting/fuzzer"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	apitesting "k8s.io/kubernetes/pkg/api/testing"
)

var scheme, codecs = legacyscheme.Scheme, legacyscheme.Codecs

type kind struct {
	group, name string
	others      []string
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func read(path string) (kinds []kind) {
	file, err := os.Open(path)
	check(err)
	for lines := bufio.NewScanner(file); lines.Scan(); {
		words := strings.Split(lines.Text(), "\t")
		kinds = append(kinds, kind{words[0], words[1], strings.Fields(words[2])})
	}
	return kinds
}

// The versions in which a kind exists, of its own group and of others that it was in.
func versions(k kind) (found []schema.GroupVersion) {
	for _, group := range append([]string{k.group}, k.others...) {
		for _, gv := range scheme.PrioritizedVersionsForGroup(group) {
			if scheme.Recognizes(gv.WithKind(k.name)) {
				found = append(found, gv)
			}
		}
	}
	return found
}

func encode(object runtime.Object, serializer runtime.Encoder, gv schema.GroupVersion) ([]byte, error) {
	out := bytes.Buffer{}
	err := codecs.EncoderForVersion(serializer, gv).Encode(object, &out)
	return out.Bytes(), err
}

// gofuzz's method is Fuzz, that of its successor Fill.
func fill(f interface{}, object runtime.Object) {
	method := reflect.ValueOf(f).MethodByName("Fill")
	if !method.IsValid() {
		method = reflect.ValueOf(f).MethodByName("Fuzz")
	}
	method.Call([]reflect.Value{reflect.ValueOf(object)})
}

func label(gv schema.GroupVersion) string {
	if gv.Group == "" {
		return "core." + gv.Version
	}
	return gv.Group + "." + gv.Version
}

type maker struct {
	out   string
	store runtime.Encoder
	show  runtime.Encoder
}

// Stored bytes of an object without a set field but its name; as a client without defaults would have them.
func (m maker) bare(gv schema.GroupVersion, k kind) []byte {
	object, err := scheme.New(gv.WithKind(k.name))
	check(err)
	object.GetObjectKind().SetGroupVersionKind(gv.WithKind(k.name))
	out := bytes.Buffer{}
	check(m.store.Encode(object, &out))
	return out.Bytes()
}

func (m maker) make(k kind, gvs []schema.GroupVersion, count int) {
	internal := schema.GroupVersionKind{Group: k.group, Version: runtime.APIVersionInternal, Kind: k.name}
	for n := 0; n < count; n++ {
		object, err := scheme.New(internal)
		check(err)
		fill(fuzzer.FuzzerFor(apitesting.FuzzerFuncs, rand.NewSource(int64(n+1)), codecs), object)
		for _, gv := range gvs {
			if stored, err := encode(object.DeepCopyObject(), m.store, gv); err == nil {
				m.serve(fmt.Sprintf("%s.%s.%d", label(gv), k.name, n), stored, gvs)
			}
		}
	}
	for _, gv := range gvs {
		m.serve(fmt.Sprintf("%s.%s.bare", label(gv), k.name), m.bare(gv, k), gvs)
	}
}

func (m maker) serve(name string, stored []byte, gvs []schema.GroupVersion) {
	defer func() { // a default of upstream's trips over a nil pointer that no client can send
		if why := recover(); why != nil {
			fmt.Fprintln(os.Stderr, name, why)
		}
	}()
	object, err := runtime.Decode(codecs.UniversalDecoder(), stored)
	if err != nil {
		fmt.Fprintln(os.Stderr, name, err)
		return
	}
	check(os.WriteFile(filepath.Join(m.out, name+".pb"), stored, 0o600))
	for _, gv := range gvs {
		text, err := encode(object.DeepCopyObject(), m.show, gv)
		if err != nil {
			fmt.Fprintln(os.Stderr, name, gv, err)
			continue
		}
		check(os.WriteFile(filepath.Join(m.out, name+".to."+label(gv)+".json"), text, 0o600))
	}
}

func main() {
	m := maker{os.Args[1], protobuf.NewSerializer(scheme, scheme), json.NewSerializer(json.DefaultMetaFactory, scheme, scheme, false)}
	count, err := strconv.Atoi(os.Args[2])
	check(err)
	for _, k := range read(os.Args[3]) {
		gvs := versions(k)
		if len(gvs) == 0 {
			continue
		}
		m.make(k, gvs, count)
		for _, folder := range os.Args[4:] {
			for _, gv := range gvs {
				name := label(gv) + "." + k.name
				if stored, err := os.ReadFile(filepath.Join(folder, name+".pb")); err == nil {
					m.serve(name+"."+filepath.Base(folder), stored, gvs)
				}
			}
		}
	}
}

// Answers as kube-apiserver's own RBAC authorizer, with the privileged group in front of it, over stored roles and
// bindings.
//
// usage: kube_can_i DUMP < QUESTIONS     DUMP: what `etcdctl get --prefix "" -w json` printed
//
// A question a line: {"user","groups","verb","group","resource","subresource","name","namespace","url"}; of each a line
// `true` or `false`. To the groups those are added that a server adds to somebody who is impersonated.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/authentication/serviceaccount"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/authorization/authorizerfactory"
	"k8s.io/apiserver/pkg/authorization/union"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	_ "k8s.io/kubernetes/pkg/apis/rbac/install"
	"k8s.io/kubernetes/pkg/registry/rbac/validation"
	"k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac"
)

type question struct {
	User, Verb, Group, Resource, Subresource, Name, Namespace, URL string
	Groups                                                         []string
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func has(all []string, one string) bool {
	for _, each := range all {
		if each == one {
			return true
		}
	}
	return false
}

func identity(q question) user.Info {
	groups := append([]string{}, q.Groups...)
	if namespace, _, err := serviceaccount.SplitUsername(q.User); err == nil {
		for _, group := range serviceaccount.MakeGroupNames(namespace) {
			if !has(groups, group) {
				groups = append(groups, group)
			}
		}
	}
	if q.User == user.Anonymous {
		groups = append(groups, user.AllUnauthenticated)
	} else if !has(groups, user.AllAuthenticated) && !has(groups, user.AllUnauthenticated) {
		groups = append(groups, user.AllAuthenticated)
	}
	return &user.DefaultInfo{Name: q.User, Groups: groups}
}

func stored(path string) (roles []*rbacv1.Role, bindings []*rbacv1.RoleBinding, clusterRoles []*rbacv1.ClusterRole, clusterBindings []*rbacv1.ClusterRoleBinding) {
	text, err := os.ReadFile(path)
	check(err)
	dump := struct{ Kvs []struct{ Key, Value []byte } }{}
	check(json.Unmarshal(text, &dump))
	decoder := legacyscheme.Codecs.UniversalDecoder(rbacv1.SchemeGroupVersion)
	for _, kv := range dump.Kvs {
		parts := strings.Split(string(kv.Key), "/")
		if len(parts) < 3 || !has([]string{"roles", "rolebindings", "clusterroles", "clusterrolebindings"}, parts[2]) {
			continue
		}
		object, err := runtime.Decode(decoder, kv.Value)
		check(err)
		switch one := object.(type) {
		case *rbacv1.Role:
			roles = append(roles, one)
		case *rbacv1.RoleBinding:
			bindings = append(bindings, one)
		case *rbacv1.ClusterRole:
			clusterRoles = append(clusterRoles, one)
		case *rbacv1.ClusterRoleBinding:
			clusterBindings = append(clusterBindings, one)
		default:
			panic(fmt.Sprintf("%s is a %T", kv.Key, object))
		}
	}
	return
}

func main() {
	_, static := validation.NewTestRuleResolver(stored(os.Args[1]))
	asked := union.New(authorizerfactory.NewPrivilegedGroups(user.SystemPrivilegedGroup), rbac.New(static, static, static, static))
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		q := question{}
		check(json.Unmarshal(lines.Bytes(), &q))
		decision, _, _ := asked.Authorize(context.Background(), authorizer.AttributesRecord{
			User: identity(q), Verb: q.Verb, Namespace: q.Namespace, APIGroup: q.Group, Resource: q.Resource,
			Subresource: q.Subresource, Name: q.Name, ResourceRequest: q.URL == "", Path: q.URL})
		fmt.Println(decision == authorizer.DecisionAllow)
	}
}

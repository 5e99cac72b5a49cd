package policy

import (
	"testing"

	"github.com/sl-suite/sl/lib/apparmor"
)

// Rules that only a parser after 3 takes, so the one that is installed here cannot
// be asked. The answers are those of the compiled policies of 4 and 5.
func TestAnswersOfLaterParsers(t *testing.T) {
	p := New("/d", map[string]string{"a": `@{FOO}=bar baz
profile low { priority=-1 deny /f r, priority=-1 deny signal, priority=-1 deny capability kill, deny /g r, priority=-2 /h r, priority=-1 deny /h r, }
profile all { all, }
profile denyall { /f r, deny all, }
profile denylow { /f r, priority=-1 deny all, }
profile allbut { all, deny /f r, }
profile default flags=(default_allow) { deny /f r, }
profile unconfined flags=(unconfined) { deny /f r, }
profile @{FOO} { /x r, }
profile @{FOO}/x { /y r, }
profile mq { mqueue wr, }
profile net { network peer=(ip=10.0.2.1), }
profile mount { mount options=lazytime /b -> /1/, mount options=(ro, nolazytime) /c -> /1/, }
`})
	for _, c := range []struct {
		profile, question string
		want              State
	}{
		{"low", `"/f" r,`, Open},
		{"low", `signal (send) set=(term) peer="x",`, Open},
		{"low", `capability kill,`, Denied},
		{"low", `"/g" r,`, Denied},
		{"low", `"/h" r,`, Open},
		{"all", `"/f" rw,`, Allowed},
		{"all", `link "/a" -> "/b",`, Allowed},
		{"all", `capability kill,`, Allowed},
		{"all", `change_profile -> "unconfined",`, Open},
		{"denyall", `"/f" r,`, Denied},
		{"denyall", `capability kill,`, Denied},
		{"denyall", `change_profile -> "x",`, Open},
		{"denylow", `"/f" r,`, Allowed},
		{"denylow", `"/g" r,`, Open},
		{"allbut", `"/f" r,`, Denied},
		{"allbut", `"/g" r,`, Allowed},
		{"default", `"/f" r,`, Denied},
		{"default", `"/f" w,`, Allowed},
		{"unconfined", `"/f" r,`, Denied},
		{"unconfined", `change_profile -> "x",`, Allowed},
		{"{bar,baz}", `"/x" r,`, Allowed},
		{"{bar,baz}/x", `"/y" r,`, Allowed},
		{"mq", `mqueue (read, write) type=posix "/q",`, Allowed},
		{"net", `network (create) inet dgram,`, Allowed},
		{"net", `network (send) inet dgram ip=10.0.0.1 port=1 peer=(ip=10.0.2.1 port=2),`, Allowed},
		{"net", `network (send) inet dgram ip=10.0.0.1 port=1 peer=(ip=10.0.2.2 port=2),`, Open},
		{"mount", `mount fstype=ext4 options=(ro) "/c" -> "/1/",`, Allowed},
		{"mount", `mount fstype=ext4 options=(rw) "/b" -> "/1/",`, Open},
	} {
		rule, err := apparmor.Parse(c.question)
		if err != nil {
			t.Fatalf("%s: %v", c.question, err)
		}
		profile := p.Profile(c.profile)
		if profile == nil {
			t.Errorf("no profile %q", c.profile)
			continue
		}
		if d := profile.Decide(rule); d.State != c.want {
			t.Errorf("%s: %s is %d by %v, want %d", c.profile, c.question, d.State, d.By, c.want)
		}
	}
	for _, s := range p.Problems() {
		t.Error(s)
	}
}

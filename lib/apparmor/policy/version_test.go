package policy

import (
	"testing"

	"github.com/sl-suite/sl/lib/apparmor"
)

// What a text means where the version of the parser, or the way of the access,
// decides. The answers are those of the compiled policies.
func TestAnswersByVersionAndWay(t *testing.T) {
	files := map[string]string{"a": `@{attach_path}=/path
@{exec_path}=/other
profile /a/p { @{attach_path} r, @{exec_path} r, }
profile cp { change_profile /bin/foo -> X, }
profile bus { dbus (send, receive) bus=system path=/a interface=a.b member=M peer=(name=":1.*", label=x), }
profile label { dbus (send) bus=system peer=(label=x), }
profile auto { unix (bind) addr=auto, unix (send) peer=(addr=none), }
profile abstract { unix (bind) addr=@*, }
profile named { unix (bind) addr=@srv, }
profile move { mount options=(move) "" -> /d/m/, }
profile any { mount options=(move) -> /d/m/, }
profile from { mount options=(move) /x/ -> /d/m/, }
`}
	for _, c := range []struct {
		parser            int
		profile, question string
		want, onExec      State
	}{
		{3, "/a/p", `"/path" r,`, Allowed, Allowed},
		{5, "/a/p", `"/path" r,`, Open, Open},
		{5, "/a/p", `"/other" r,`, Open, Open},
		{5, "/a/p", `"/a/p" r,`, Allowed, Allowed},
		{3, "cp", `change_profile -> "X",`, Allowed, Open},
		{3, "cp", `change_profile -> "Y",`, Open, Open},
		{3, "bus", `dbus (send) bus=system path="/a" interface="a.b" member="M" peer=(name=":1.5", label="x"),`, Allowed, Allowed},
		{3, "bus", `dbus (send) bus=system path="/a" interface="a.b" member="M" peer=(name=":1.*", label="x"),`, Allowed, Allowed},
		{3, "bus", `dbus (send) bus=system path="/a" interface="a.b" member="M" peer=(label="x"),`, Open, Open},
		{3, "label", `dbus (send) bus=system path="/a" interface="a.b" member="M" peer=(name="a.b"),`, Open, Open},
		{3, "auto", `unix (bind) type=stream addr="@a4149",`, Allowed, Allowed},
		{3, "auto", `unix (bind) type=stream addr="auto",`, Allowed, Allowed},
		{3, "auto", `unix (bind) type=stream addr="@x4149",`, Open, Open},
		{3, "auto", `unix (send) type=stream peer=(addr="none"),`, Allowed, Allowed},
		{3, "abstract", `unix (bind) type=stream addr="auto",`, Allowed, Allowed},
		{3, "named", `unix (bind) type=stream addr="auto",`, Open, Open},
		{3, "move", `mount options=(move) "" -> "/d/m/",`, Allowed, Allowed},
		{3, "move", `mount options=(move) "/x/" -> "/d/m/",`, Open, Open},
		{3, "any", `mount options=(move) "" -> "/d/m/",`, Allowed, Allowed},
		{3, "from", `mount options=(move) "" -> "/d/m/",`, Open, Open},
	} {
		rule, err := apparmor.Parse(c.question)
		if err != nil {
			t.Fatal(err)
		}
		p := New("/d", files)
		p.ReadBy(c.parser)
		profile := p.Profile(c.profile)
		if d := profile.Decide(rule); d.State != c.want {
			t.Errorf("%s, parser %d: %s is %d, want %d", c.profile, c.parser, c.question, d.State, c.want)
		}
		if d := profile.DecideOnExec(rule); d.State != c.onExec {
			t.Errorf("%s, parser %d: %s is %d at the next execution, want %d", c.profile, c.parser, c.question, d.State, c.onExec)
		}
		for _, s := range p.Problems() {
			t.Error(s)
		}
	}
	for name, want := range map[string]int{"abi/3.0": 3, "abi/4.0": 4, "abi/5.0": 5, "x": 3} {
		if got := New("/d", map[string]string{"abi/3.0": "", name: ""}).Parser(); got != want {
			t.Errorf("%s: parser %d, want %d", name, got, want)
		}
	}
}

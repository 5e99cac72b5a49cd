package act

import (
	"strings"
	"testing"
)

func TestActs(t *testing.T) {
	names := map[string]bool{}
	for _, a := range All() {
		if names[a.Name] {
			t.Errorf("%q is there twice", a.Name)
		}
		names[a.Name] = true
		if found, ok := Find(a.Name); !ok || found.Name != a.Name {
			t.Errorf("%q is not found", a.Name)
		}
		if a.Do == nil {
			t.Errorf("%q does nothing", a.Name)
		}
		if a.Moot != "" && (a.Seen || a.Harm != "") {
			t.Errorf("%q has no effect, and has one", a.Name)
		}
		if strings.ContainsAny(a.Name, "\t\n") {
			t.Errorf("%q does not fit into an order", a.Name)
		}
	}
	if len(names) < 120 {
		t.Errorf("%d acts", len(names))
	}
	t.Logf("%d acts", len(names))
}

func TestSceneRoundTrip(t *testing.T) {
	s := Scene{Secret: "/s", Outside: "/o", Inside: "/i", Victim: 1, VictimText: 1 << 46, Abstract: "a", Port: 2, LeftFile: 3, LeftDir: 4, LeftPair: 5, Folder: 6}
	back, err := ParseScene(s.Text())
	if err != nil || *back != s {
		t.Errorf("%+v, %v", back, err)
	}
	if _, err := ParseScene("{"); err == nil {
		t.Error("half a scene was taken")
	}
}

package broker

import (
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestOptionsAreChecked(t *testing.T) {
	tests := []struct {
		want string
		o    Options
	}{
		{"no target", Options{}},
		{"not the name of a file", Options{Targets: []Target{{Path: "f", Name: "../f"}}}},
		{"reserved", Options{Targets: []Target{{Path: "f", Name: ".f.sl-write"}}}},
		{"take the same rules", Options{Targets: []Target{{Path: "a"}, {Path: "b"}}}},
		{"take the same rules", Options{Targets: []Target{{Path: "a", Name: "a", Syntax: "nft"}, {Path: "b", Name: "b", Syntax: "nft"}}}},
		{"not the name of a file", Options{Targets: []Target{{Path: "a"}}, Backup: "/x"}},
		{"does not show", Options{Targets: []Target{{Path: "a"}}, Backup: "\n"}},
		{"want 1 to 9", Options{Targets: []Target{{Path: "a"}}, Danger: 10}},
		{"want one of them", Options{Targets: []Target{{Path: "a"}}, Danger: 9, Decisions: Decisions{limit: 8}}},
		{"no file name", Options{Targets: []Target{{Path: "a"}}, State: &State{Path: "s"}}},
	}
	for _, test := range tests {
		if _, err := newBroker(test.o, make([]language, len(test.o.Targets)), &hook{system: kernel{}}); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got %v, want %q", err, test.want)
		}
	}
	null, err := unix.Open("/dev/null", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(null)
	if _, err := newBroker(Options{Targets: []Target{{Folder: null, Path: "x"}}}, []language{toy{}}, kernel{}); err == nil {
		t.Error("/dev/null is taken for a folder")
	}
}

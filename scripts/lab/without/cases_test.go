package main

import "testing"

// Every change still fits the source, and every layer has some.
func TestCasesFit(t *testing.T) {
	layers := map[string]bool{}
	names := map[string]bool{}
	for _, c := range cases {
		layers[c.layer] = true
		if names[c.layer+"/"+c.name] {
			t.Errorf("%s/%s is there twice", c.layer, c.name)
		}
		names[c.layer+"/"+c.name] = true
		if _, err := c.apply("../../.."); err != nil {
			t.Error(err)
		}
	}
	for _, name := range []string{"descriptors", "environment", "namespaces", "root", "rlimits", "user", "capabilities", "no_new_privs",
		"dumpable", "mdwe", "landlock", "apparmor", "seccomp"} {
		if !layers[name] {
			t.Errorf("%s is never left out", name)
		}
	}
}

func TestChoose(t *testing.T) {
	all, err := choose(nil, true)
	if err != nil || len(all) != len(cases) {
		t.Errorf("%d of %d, %v", len(all), len(cases), err)
	}
	some, err := choose([]string{"seccomp/threads", "root"}, false)
	if err != nil || len(some) < 3 {
		t.Errorf("%v, %v", some, err)
	}
	if _, err := choose([]string{"nothing"}, true); err == nil {
		t.Error("a layer that is not there")
	}
}

func TestFailures(t *testing.T) {
	const out = "--- FAIL: TestA (0.1s)\n    --- FAIL: TestA/root (0.1s)\n--- FAIL: TestB (0s)\nFAIL\n"
	if got := failures(out); len(got) != 2 || got[0] != "TestA" || got[1] != "TestB" {
		t.Errorf("%v", got)
	}
	if got := failures("FAIL\tx [build failed]\n"); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

package policy

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const corpus = "../../../../shared/corpus/apparmor/simple_tests"

// readAll returns the texts of all files below a folder, as New wants them.
func readAll(t *testing.T, root string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == root {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		if d.IsDir() {
			files[rel+"/"] = ""
			return nil
		}
		text, err := os.ReadFile(name)
		files[rel] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// compileAll reads every profile of the policy.
func compileAll(p *Policy) {
	p.index()
	for done := 0; done < len(p.profiles); {
		done = len(p.profiles)
		for _, profile := range p.profiles {
			p.compile(profile)
		}
	}
}

// TestCorpus reads every profile that upstream's tests call right.
func TestCorpus(t *testing.T) {
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("upstream's tests of the profile language are not here: ", err)
	}
	files := readAll(t, corpus)
	right, failed := 0, 0
	for name, text := range files {
		if !strings.HasSuffix(name, ".sd") || !strings.Contains(text, "EXRESULT PASS") {
			continue
		}
		right++
		one := make(map[string]string, len(files))
		for k, v := range files {
			if strings.Contains(k, "/") {
				one[k] = v
				one["simple_tests/"+k] = v // some name their includes from upstream's own folder
				one["../tst/simple_tests/"+k] = v
			}
		}
		one["test"] = text
		p := New("/", one)
		compileAll(p)
		if problems := p.Problems(); len(problems) > 0 {
			failed++
			t.Errorf("%s: %q", name, problems)
		}
	}
	if right == 0 {
		t.Error("no test is marked PASS")
	}
	t.Logf("%d files, %d not read", right, failed)
}

// TestSystem reads all of the policy that this machine has.
func TestSystem(t *testing.T) {
	if _, err := os.Stat("/etc/apparmor.d/abstractions/base"); err != nil {
		t.Skip("no AppArmor policy is installed here: ", err)
	}
	p := New("/etc/apparmor.d", readAll(t, "/etc/apparmor.d"))
	compileAll(p)
	for _, s := range p.Problems() {
		t.Error(s)
	}
	var names []string
	for name, profile := range p.profiles {
		names = append(names, name+" "+profile.Local)
		if len(profile.files.all) == 0 && len(profile.access) == 0 && len(profile.files.whole) == 0 {
			t.Errorf("%s: no rules", name)
		}
	}
	slices.Sort(names)
	t.Logf("%d profiles: %q", len(names), names)
}

package cmd_test

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

var update = flag.Bool("update", false, "write the golden files again (testdata/streams, testdata/golden)")

// sampleLogs are the logs of testdata/logs, by base name.
func sampleLogs(t *testing.T) []string {
	t.Helper()
	var logs []string
	for _, pattern := range []string{"*.log", "*-syslog"} {
		files, err := filepath.Glob("../testdata/logs/" + pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			logs = append(logs, filepath.Base(f))
		}
	}
	if len(logs) < 5 {
		t.Fatalf("only %d sample logs", len(logs))
	}
	return logs
}

// filter runs one program on input. Status 1, input that cannot be used, is no
// failure: the hostile log is full of it.
func filter(t *testing.T, input []byte, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(filepath.Join(bin, name), args...)
	cmd.Stdin = bytes.NewReader(input)
	var out, msg bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &msg
	if err := cmd.Run(); err != nil && cmd.ProcessState.ExitCode() != 1 {
		t.Fatalf("%s: %v\n%s", name, err, &msg)
	}
	return out.Bytes()
}

// withoutSandbox takes the list of layers off the end record: it is the
// machine's, not the program's.
func withoutSandbox(stream []byte) []byte {
	at := bytes.LastIndex(stream, []byte(`,"sandbox":[`))
	if at < 0 {
		return stream
	}
	return append(bytes.Clone(stream[:at]), "}\n"...)
}

// TestGolden holds what comes of every sample log against what came of it when
// somebody last looked: the events, and the rules as people read them.
func TestGolden(t *testing.T) {
	for _, name := range sampleLogs(t) {
		t.Run(name, func(t *testing.T) {
			log, err := os.ReadFile("../testdata/logs/" + name)
			if err != nil {
				t.Fatal(err)
			}
			events := filter(t, log, "sl-parse", "-R", "--year", "2026", "--tz", "UTC")
			golden(t, "streams/"+name+".jsonl", withoutSandbox(events))
			golden(t, "golden/"+name+".apparmor", filter(t, events, "sl-apparmor", "-r", "--no-policy"))
			golden(t, "golden/"+name+".nft", filter(t, events, "sl-iptables", "--allow", "-r"))
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := "../testdata/" + name
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test ./cmd -run Golden -update makes it)", err)
	}
	gotLines, wantLines := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(gotLines), len(wantLines)) {
		var g, w string
		if i < len(gotLines) {
			g = gotLines[i]
		}
		if i < len(wantLines) {
			w = wantLines[i]
		}
		if g != w {
			t.Errorf("%s:%d:\ngot  %.500s\nwant %.500s", path, i+1, g, w)
			return
		}
	}
}

// TestSchema holds every line that the programs write for the sample logs, and
// the golden streams, against the schema that they print.
func TestSchema(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(filter(t, nil, "sl-parse", "--schema")))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("stream.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("stream.json")
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	validate := func(what string, stream []byte) {
		t.Helper()
		for line := range bytes.Lines(stream) {
			lines++
			v, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
			if err == nil {
				err = schema.Validate(v)
			}
			if err != nil {
				t.Errorf("%s: %.300s: %v", what, line, err)
			}
		}
	}
	for _, name := range sampleLogs(t) {
		records := filter(t, nil, "sl-read", "../testdata/logs/"+name)
		events := filter(t, records, "sl-parse", "--errors")
		validate(name+" records", records)
		validate(name+" events", events)
		validate(name+" merged events", filter(t, records, "sl-parse", "-u"))
		validate(name+" AppArmor rules", filter(t, events, "sl-apparmor", "--no-policy"))
		validate(name+" firewall rules", filter(t, events, "sl-iptables", "--allow"))
		stream, err := os.ReadFile("../testdata/streams/" + name + ".jsonl")
		if err != nil {
			t.Fatal(err)
		}
		validate(name+".jsonl", stream)
	}
	if lines < 3000 {
		t.Errorf("only %d lines were seen", lines)
	}
}

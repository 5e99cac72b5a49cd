package record

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// compileSchema fails the test where the schema is none.
func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("stream.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("stream.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSchemaAccepts(t *testing.T) {
	s := compileSchema(t)
	odd := sampleEvent()
	odd.Inner = &Fields{FSrc: "192.0.2.1"}
	odd.Fields[FComm] = "\xff"
	for _, line := range [][]byte{
		AppendSource(nil, &Source{ID: "00112233aabbccdd", Kind: "file", Path: "/a", Mode: "0640"}),
		AppendRecord(nil, "00112233aabbccdd", 1, []byte("a\xff")),
		AppendEvent(nil, odd), AppendRule(nil, sampleRule()),
		AppendNote(nil, &Note{Kind: "k", Text: "t", Evidence: Evidence{Count: 1 << 60}}),
		AppendError(nil, &Error{Err: "e"}), AppendMark(nil, &Mark{}), AppendEnd(nil, &End{Sources: []Position{{Path: "-"}}}),
	} {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
		if err == nil {
			err = s.Validate(v)
		}
		if err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
}

func TestSchemaRefuses(t *testing.T) {
	s := compileSchema(t)
	for _, line := range []string{
		`{"v":2,"type":"mark","sources":[]}`,
		`{"v":1,"type":"mark"}`,
		`{"v":1,"type":"event","kind":"apparmor","trust":"root","count":1}`,
		`{"v":1,"type":"event","kind":"apparmor","trust":"log","count":1,"name":3}`,
		`{"v":1,"type":"event","kind":"apparmor","trust":"log","count":1,"inner":{"src":3}}`,
		`{"v":1,"type":"rule","lang":"x","text":"t","danger":11,"evidence":{"count":1,"trust":"log"}}`,
		`{"v":1,"type":"end","stage":"s"}`,
	} {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
		if err != nil {
			t.Fatal(err)
		}
		if s.Validate(v) == nil {
			t.Errorf("the schema accepts %s", line)
		}
	}
}

// TestSchemaComplete: the schema and the columns name the same keys.
func TestSchemaComplete(t *testing.T) {
	var doc struct {
		Defs map[string]struct {
			Properties map[string]json.RawMessage
			Required   []string
		} `json:"$defs"`
	}
	if err := json.Unmarshal(Schema(), &doc); err != nil {
		t.Fatal(err)
	}
	check := func(name string, slots []slot, extra map[string]json.RawMessage) {
		t.Helper()
		def := doc.Defs[name]
		for _, sl := range slots {
			_, here := def.Properties[sl.key]
			if _, there := extra[sl.key]; !here && !there {
				t.Errorf("%s: the schema lacks %q", name, sl.key)
			}
		}
		for key := range def.Properties {
			found := false
			for _, sl := range slots {
				found = found || sl.key == key
			}
			if !found {
				t.Errorf("%s: the schema has %q, the columns have not", name, key)
			}
		}
		for _, sl := range slots {
			required := false
			for _, key := range def.Required {
				required = required || key == sl.key
			}
			if required != sl.always {
				t.Errorf("%s: %q: required in the schema: %v, in the columns: %v", name, sl.key, required, sl.always)
			}
		}
	}
	check("source", sourceTable().slots, nil)
	check("record", recordTable().slots, nil)
	check("event", eventTable().slots, doc.Defs["fields"].Properties)
	check("rule", ruleTable().slots, nil)
	check("note", noteTable().slots, nil)
	check("error", errorTable().slots, nil)
	check("mark", markTable().slots, nil)
	check("end", endTable().slots, nil)
	check("evidence", evidenceTable().slots, nil)
	check("sample", sampleTable().slots, nil)
	check("position", positionTable().slots, nil)
	check("fields", fieldsTable().slots, nil)
}

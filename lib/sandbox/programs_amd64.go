package sandbox

import _ "embed" // the compiled policies

//go:embed bpf/pure_amd64.bpf
var pureProgram []byte

//go:embed bpf/read_amd64.bpf
var readProgram []byte

//go:embed bpf/write_amd64.bpf
var writeProgram []byte

//go:embed bpf/wait_amd64.bpf
var waitProgram []byte

//go:embed bpf/follow_amd64.bpf
var followProgram []byte

//go:embed bpf/open_amd64.bpf
var openProgram []byte

//go:embed bpf/run_amd64.bpf
var runProgram []byte

//go:embed bpf/run-network_amd64.bpf
var runNetworkProgram []byte

// How long a Go program of one P takes to notice a packet while k goroutines compute.
//
//	scheduler-latency echo 7100                    a neighbour that answers, as etcd does
//	scheduler-latency server <k> 7200 7100         GOMAXPROCS=1, k goroutines that never yield
//	scheduler-latency client 7200 60               60 requests of each kind, at random instants
//
// A request of kind 1 is answered at once: it wakes one goroutine of the server from the network. A request of kind 2
// asks the neighbour first: two such wake-ups, one after the other. Run the server and the other two on different cores.
package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"runtime"
	"sort"
	"strconv"
	"time"
)

var sink uint64

func compute() {
	x := uint64(1)
	for {
		x = x*6364136223846793005 + 1442695040888963407
		if x == 0 {
			sink = x
		}
	}
}

func echo(port string) {
	listener, _ := net.Listen("tcp", "127.0.0.1:"+port)
	for {
		connection, _ := listener.Accept()
		go func() {
			buffer := make([]byte, 64)
			for {
				n, err := connection.Read(buffer)
				if err != nil {
					return
				}
				connection.Write(buffer[:n])
			}
		}()
	}
}

func serve(k int, port, neighbour string) {
	runtime.GOMAXPROCS(1)
	upstream, err := net.Dial("tcp", "127.0.0.1:"+neighbour)
	if err != nil {
		panic(err)
	}
	answers := make(chan byte, 100)
	go func() {
		reader := bufio.NewReader(upstream)
		for {
			answer, err := reader.ReadByte()
			if err != nil {
				return
			}
			answers <- answer
		}
	}()
	listener, _ := net.Listen("tcp", "127.0.0.1:"+port)
	for i := 0; i < k; i++ {
		go compute()
	}
	for {
		connection, _ := listener.Accept()
		go func() {
			request := make([]byte, 1)
			for {
				if _, err := connection.Read(request); err != nil {
					return
				}
				if request[0] == '2' {
					done := make(chan bool)
					go func() {
						upstream.Write(request)
						<-answers
						done <- true
					}()
					<-done
				}
				connection.Write(request)
			}
		}()
	}
}

func ask(port string, n int) {
	connection, err := net.Dial("tcp", "127.0.0.1:"+port)
	if err != nil {
		panic(err)
	}
	answer := make([]byte, 1)
	for _, kind := range []byte{'1', '2'} {
		var ms []float64
		sum := 0.0
		for i := 0; i < n; i++ {
			time.Sleep(time.Duration(7+i%13) * time.Millisecond)
			start := time.Now()
			connection.Write([]byte{kind})
			connection.Read(answer)
			ms = append(ms, float64(time.Since(start).Microseconds())/1000)
			sum += ms[i]
		}
		sort.Float64s(ms)
		fmt.Printf("wake-ups %c  mean %.1f  p10 %.1f  p50 %.1f  p90 %.1f  max %.1f ms\n",
			kind, sum/float64(n), ms[n/10], ms[n/2], ms[n*9/10], ms[n-1])
	}
}

func main() {
	switch os.Args[1] {
	case "echo":
		echo(os.Args[2])
	case "server":
		k, _ := strconv.Atoi(os.Args[2])
		serve(k, os.Args[3], os.Args[4])
	case "client":
		n, _ := strconv.Atoi(os.Args[3])
		ask(os.Args[2], n)
	}
}

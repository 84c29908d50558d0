/**
 * What one request cost on a real kube-apiserver and etcd, as measured in November 2026: kube-apiserver 1.31.14 and etcd
 * 3.5.16 with GOMAXPROCS = 1 on one core, pods of 5.1 kB as JSON and 3.6 kB as stored, all alike. CPU is user + system time
 * of the process with its idle share taken off. The figures the unit costs are fitted to, and nothing else.
 */

/** One LIST of pods at a time. */
export interface ListMeasurement {
  readonly pods: number;
  /** `unset` reads from etcd unless `consistentFromCache`; `0` reads from the watch cache. */
  readonly resourceVersion: 'unset' | '0';
  /** `indexed`: by node name, which every 500th pod has. `scanned`: a label that no pod has. Default none. */
  readonly selector?: 'indexed' | 'scanned';
  /** Objects of the first page; default all in one. */
  readonly limit?: number;
  /** Default json. */
  readonly encoding?: 'protobuf';
  readonly gzip?: boolean;
  /** Streaming encoder (KEP-5116) on. */
  readonly streams?: boolean;
  /** ConsistentListFromCache on. */
  readonly consistentFromCache?: boolean;
  readonly apiServerMs: number;
  readonly etcdMs: number;
}

/** Many LISTs of pods at once; memory is what each of them adds to the peak of a process. */
export interface BurstMeasurement extends ListMeasurement {
  readonly lists: number;
  readonly apiServerMib: number;
  readonly etcdMib: number;
  /** Until the last one was answered, and the median. */
  readonly seconds: number;
  readonly p50Ms: number;
  /** Resident memory before, and its highest. */
  readonly idleMib: number;
  readonly peakMib: number;
  readonly etcdIdleMib: number;
  readonly etcdPeakMib: number;
}

/** One request for one object, with 10,000 pods stored. */
export interface SmallMeasurement {
  readonly operation: string;
  /** Of the answer. */
  readonly bytes: number;
  readonly apiServerMs: number;
  readonly etcdMs: number;
}

/** Columns of the tables of LISTs, before those of bursts. */
const LIST_COLUMNS = 9;

/** Second batch: a quiet machine. */
export const quietLists: readonly ListMeasurement[] = lists(`
   pods rv    select  lim encoding gzip gates        api/ms etcd/ms
   2000 0     -         - json     -    -            91.818   0.303
  10000 0     -         - json     -    -             387.5    1.25
  20000 0     -         - json     -    -               892       2
  50000 0     -         - json     -    -              1908       4
   2000 0     -         - protobuf -    -            40.541    0.27
  10000 0     -         - protobuf -    -           203.333   0.667
  20000 0     -         - protobuf -    -           351.111       0
  50000 0     -         - protobuf -    -              1080       4
   2000 0     indexed   - json     -    -             0.692   0.002
  10000 0     indexed   - json     -    -             1.415   0.005
  20000 0     indexed   - json     -    -              2.35       0
  50000 0     indexed   - json     -    -             4.429   0.014
   2000 unset -         - json     -    -           158.333      15
  10000 unset -         - json     -    -               764      50
  20000 unset -         - json     -    -              1548     126
  50000 unset -         - json     -    -              4298     290
   2000 unset -         - protobuf -    -             109.6    14.4
  10000 unset -         - protobuf -    -           551.667      55
  20000 unset -         - protobuf -    -               902     124
  50000 unset -         - protobuf -    -              2612     234
   2000 unset indexed   - json     -    -            73.056  13.889
  10000 unset indexed   - json     -    -            346.25   56.25
  20000 unset indexed   - json     -    -               656     100
  50000 unset indexed   - json     -    -              1768     236
`);

/** First batch: the other core was busy. */
export const busyLists: readonly ListMeasurement[] = lists(`
   pods rv    select  lim encoding gzip gates        api/ms etcd/ms
    500 0     -         - json     -    -            35.981   0.107
    500 unset -         - json     -    -            53.283   6.025
    500 0     -         - json     gzip -            57.894       0
    500 unset -         - json     gzip -            86.911   7.643
    500 0     -         - protobuf -    -            21.449   0.067
    500 unset -         - protobuf -    -            40.379   5.823
    500 0     -         - protobuf gzip -            19.616    0.05
    500 unset -         - protobuf gzip -            36.886   5.322
    500 0     indexed   - json     -    -             0.752       0
    500 unset indexed   - json     -    -            28.871   5.681
    500 0     scanned   - json     -    -             0.836   0.004
    500 unset scanned   - json     -    -            22.768   4.924
    500 0     indexed   - protobuf -    -             0.531   0.001
    500 unset indexed   - protobuf -    -            23.812    5.12
    500 0     scanned   - protobuf -    -             0.988   0.005
    500 unset scanned   - protobuf -    -            25.548   5.224
    500 unset -       500 json     -    -            61.252   6.072
    500 unset -       500 json     gzip -            68.126   5.929
    500 unset -       500 protobuf -    -            28.528   4.316
   2000 0     -         - json     -    -           148.037       0
   2000 unset -         - json     -    -           216.678  17.851
   2000 0     -         - json     gzip -           194.767   0.413
   2000 unset -         - json     gzip -           196.947  16.066
   2000 0     -         - protobuf -    -            92.476       0
   2000 unset -         - protobuf -    -           175.285  17.727
   2000 0     -         - protobuf gzip -            63.378       0
   2000 unset -         - protobuf gzip -            128.47  14.073
   2000 0     indexed   - json     -    -             0.656       0
   2000 unset indexed   - json     -    -            75.612  14.415
   2000 0     scanned   - json     -    -             1.546       0
   2000 unset scanned   - json     -    -            79.798  14.143
   2000 0     indexed   - protobuf -    -             0.532       0
   2000 unset indexed   - protobuf -    -            80.081   15.49
   2000 0     scanned   - protobuf -    -             1.611       0
   2000 unset scanned   - protobuf -    -             77.48  15.102
   2000 unset -       500 json     -    -            47.414   4.628
   2000 unset -       500 json     gzip -            55.484    5.22
   2000 unset -       500 protobuf -    -            33.985   4.808
   5000 0     -         - json     -    -           533.676   2.919
   5000 unset -         - json     -    -           518.068  46.017
   5000 0     -         - json     gzip -           466.641    1.16
   5000 unset -         - json     gzip -           563.012  41.253
   5000 0     -         - protobuf -    -           191.391    0.54
   5000 unset -         - protobuf -    -           403.354   39.41
   5000 0     -         - protobuf gzip -           190.489       0
   5000 unset -         - protobuf gzip -           420.772   38.05
   5000 0     indexed   - json     -    -             1.454   0.006
   5000 unset indexed   - json     -    -           251.675  37.669
   5000 0     scanned   - json     -    -             8.368   0.029
   5000 unset scanned   - json     -    -           380.865  50.931
   5000 0     indexed   - protobuf -    -             1.427   0.012
   5000 unset indexed   - protobuf -    -           304.491  39.456
   5000 0     scanned   - protobuf -    -             9.512   0.038
   5000 unset scanned   - protobuf -    -           329.239  44.393
   5000 unset -       500 json     -    -            67.524       7
   5000 unset -       500 json     gzip -            64.559   6.676
   5000 unset -       500 protobuf -    -            38.283   5.716
  10000 0     -         - json     -    -           844.681   0.672
  10000 unset -         - json     -    -            1019.7 101.479
  10000 0     -         - json     gzip -           743.019   1.607
  10000 unset -         - json     gzip -           1412.94  81.576
  10000 0     -         - protobuf -    -           654.255  10.102
  10000 unset -         - protobuf -    -           877.179  86.871
  10000 0     -         - protobuf gzip -           400.385       0
  10000 unset -         - protobuf gzip -            737.17  62.868
  10000 0     indexed   - json     -    -             2.138       0
  10000 unset indexed   - json     -    -           456.593  61.037
  10000 0     scanned   - json     -    -            22.961       0
  10000 unset scanned   - json     -    -           529.842  69.137
  10000 0     indexed   - protobuf -    -             1.014   0.007
  10000 unset indexed   - protobuf -    -           582.431  68.172
  10000 0     scanned   - protobuf -    -             14.56       0
  10000 unset scanned   - protobuf -    -           565.792  76.717
  10000 unset -       500 json     -    -            83.342   8.337
  10000 unset -       500 json     gzip -            67.445   7.178
  10000 unset -       500 protobuf -    -             46.38   6.909
`);

/** With other feature gates, in the first batch. */
export const variantLists: readonly ListMeasurement[] = lists(`
   pods rv    select  lim encoding gzip gates        api/ms etcd/ms
   2000 unset -         - json     -    consistent   88.235   0.882
   2000 unset -         - json     gzip consistent  104.828   1.034
   2000 unset -         - json     -    streams     239.231  14.615
   2000 0     -         - json     -    streams     169.444   0.556
   2000 unset -         - json     gzip streams         194  12.667
   2000 0     -         - json     gzip streams     131.304       0
`);

/** Bursts: those with gzip on a fresh server in the first batch, the others on the quiet machine, one after the other. */
export const bursts: readonly BurstMeasurement[] = rows(`
   pods rv    select  lim encoding gzip gates        api/ms etcd/ms lists  api/MiB etcd/MiB        s   p50/ms     idle     peak etcdidle etcdpeak
   2000 unset -         - json     gzip -               300      10     1     23.2      0.0     0.31    310.4  387.356  410.523  209.191  209.211
   2000 unset -         - json     gzip -               204      15    10     41.9      7.0    2.195   2087.9  387.356  806.309  209.191  279.363
   2000 unset -         - json     gzip -           207.333  12.333    30     54.3      8.5    6.602   6161.7  387.356  2017.78  209.191  463.793
   2000 unset -         - json     gzip -             239.3    13.9   100     57.1      9.5   25.332  24802.1  387.356  6100.74  209.191  1162.67
   2000 0     -         - json     gzip -               110      10     1     10.7      0.0    0.104      104  398.137  408.871  208.297  208.297
   2000 0     -         - json     gzip -               137       0    10     20.8      0.0    1.375   1321.7  398.137      606  208.297  208.309
   2000 0     -         - json     gzip -               122   0.333    30     21.0      0.0    3.671   3605.5  398.137  1028.25  208.297  208.309
   2000 0     -         - json     gzip -             124.3     0.3   100     25.0      0.0   12.477  11575.8  398.137  2902.56  208.297  208.316
   2000 0     -         - json     gzip streams     130.333   0.333    30      9.4      0.0    3.916   3614.6  376.769  657.559  210.477  210.477
   2000 0     -         - json     gzip streams       133.8     0.4   100     11.1      0.0   13.416  12211.7  376.769  1485.62  210.477  210.481
   2000 unset -         - json     -    -               140      10     1   12.004    0.004    0.148   148.45  477.859  489.863  130.977  130.981
   2000 unset -         - json     -    -             207.5      15     4   13.516    3.453    0.894  879.313  489.863  543.926  130.977  144.789
  10000 unset -         - json     -    -              1250      60     1  206.695    3.223    1.306  1305.76  874.535  1081.23  364.711  367.934
  10000 unset -         - json     -    -              1105      70     4  246.961   26.719    4.699  4624.41  1081.23  2069.07  367.934  474.809
  20000 unset -         - json     -    -              2020     140     1  280.488   57.922    2.155   2155.5  1809.11   2089.6  725.648   783.57
  20000 unset -         - json     -    -              2840     120     4  509.456   53.617   11.835  11823.9   2089.6  4127.43  783.578  998.047
  50000 unset -         - json     -    -              5210     290     1  576.008  112.609    5.505  5505.24  4376.22  4952.23  1189.49   1302.1
  50000 unset -         - json     -    -              6435   342.5     4  1049.46  174.592   27.119  26627.9  4952.23  9150.09   1302.1  2000.47
`).map((row) => {
  const [lists = 0, apiServerMib = 0, etcdMib = 0, seconds = 0, p50Ms = 0, ...memory] = row
    .slice(LIST_COLUMNS)
    .map(Number);
  const [idleMib = 0, peakMib = 0, etcdIdleMib = 0, etcdPeakMib = 0] = memory;
  return { ...list(row), lists, apiServerMib, etcdMib, seconds, p50Ms, idleMib, peakMib, etcdIdleMib, etcdPeakMib };
});

/** Requests for one object. */
export const smallRequests: readonly SmallMeasurement[] = rows(`
  operation                   bytes api/ms etcd/ms
  get-pod-quorum               5107  0.698  0.274
  get-pod-rv0                  5107  0.618  0.001
  get-lease-quorum              794  0.817  0.278
  get-healthz                     2  0.316      0
  get-readyz                      2  0.335      0
  put-lease                     796  1.723  0.519
  patch-lease-merge             796  1.918  0.543
  patch-pod-status-merge       5142  4.559  0.711
  create-event-like-configmap   449  1.486    0.5
`).map(([operation = '', ...numbers]) => {
  const [bytes = 0, apiServerMs = 0, etcdMs = 0] = numbers.map(Number);
  return { operation, bytes, apiServerMs, etcdMs };
});

/** The lines of a table without its heading, cell by cell. */
function rows(table: string): string[][] {
  return table
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/ +/));
}

function lists(table: string): ListMeasurement[] {
  return rows(table).map(list);
}

function list([pods, version, selector, limit, encoding, gzip, gates = '', api, etcd]: string[]): ListMeasurement {
  return {
    pods: Number(pods),
    resourceVersion: version === '0' ? '0' : 'unset',
    ...(selector === 'indexed' || selector === 'scanned' ? { selector } : {}),
    ...(limit === '-' ? {} : { limit: Number(limit) }),
    ...(encoding === 'protobuf' ? { encoding } : {}),
    gzip: gzip === 'gzip',
    streams: gates === 'streams',
    consistentFromCache: gates === 'consistent',
    apiServerMs: Number(api),
    etcdMs: Number(etcd),
  };
}

"""Every name of PyTorch that minidl promises, by family; the table has a line for each."""

FAMILIES = {
    "elementwise": """abs add sub mul div neg pow reciprocal remainder floor_divide sqrt rsqrt
        square exp exp2 expm1 log log2 log10 log1p sin cos tan asin acos atan atan2 sinh cosh tanh
        sigmoid erf ceil floor round trunc sign clamp maximum minimum where lerp addcmul addcdiv
        hypot logaddexp nan_to_num isnan isinf isfinite isclose allclose eq ne lt le gt ge
        logical_and logical_or logical_not masked_fill masked_select operators""",
    "further": """fmod frac fix erfc logit xlogy isposinf isneginf isin diff aminmax block_diag
        cartesian_prod logspace tril_indices triu_indices greater greater_equal less less_equal
        not_equal arccos arccosh arcsin arcsinh arctan arctan2 arctanh dist axis
        Tensor.type in_place""",
    "reductions": """sum mean prod var std var_mean std_mean amax amin max min argmax argmin median
        all any count_nonzero logsumexp softmax log_softmax norm cumsum cumprod""",
    "shapes": """reshape Tensor.view flatten unflatten squeeze unsqueeze transpose permute swapaxes
        movedim t Tensor.expand broadcast_to Tensor.repeat tile repeat_interleave cat stack hstack
        vstack split chunk unbind narrow select roll flip tril triu diag diagonal trace
        Tensor.unfold meshgrid clone""",
    "indexing": """Tensor.__getitem__ Tensor.__setitem__ gather scatter scatter_add index_select
        index_add take_along_dim searchsorted nonzero argwhere sort argsort topk unique bincount""",
    "linalg": """matmul mm bmm mv dot outer addmm baddbmm einsum tensordot kron cross cdist
        linalg.norm linalg.vector_norm linalg.inv linalg.solve linalg.det linalg.cholesky linalg.qr
        linalg.eigh linalg.svd fft.fft fft.rfft fft.irfft inner vdot addmv addr addbmm
        linalg.solve_triangular linalg.matrix_rank linalg.matrix_norm linalg.slogdet
        linalg.eigvalsh linalg.svdvals linalg.pinv linalg.matrix_power linalg.multi_dot
        linalg.cross linalg.vecdot fft.ifft fft.fft2 fft.ifft2 fft.rfft2 fft.irfft2 fft.fftn
        fft.ifftn fft.fftfreq fft.rfftfreq fft.fftshift fft.ifftshift""",
    "complex": "real imag conj angle complex polar view_as_real view_as_complex is_complex",
    "creation": """zeros ones full eye arange linspace zeros_like ones_like full_like rand_like
        randn_like randint_like empty_like rand randn randint randperm bernoulli multinomial normal
        Generator""",
    "convolution": """nn.functional.conv1d nn.functional.conv2d nn.functional.conv3d
        nn.functional.conv_transpose1d nn.functional.conv_transpose2d nn.functional.max_pool1d
        nn.functional.max_pool2d nn.functional.max_pool3d nn.functional.avg_pool1d
        nn.functional.avg_pool2d nn.functional.avg_pool3d nn.functional.adaptive_avg_pool1d
        nn.functional.adaptive_avg_pool2d nn.functional.adaptive_avg_pool3d
        nn.functional.adaptive_max_pool1d nn.functional.adaptive_max_pool2d
        nn.functional.adaptive_max_pool3d nn.functional.unfold nn.functional.fold nn.functional.pad
        nn.functional.interpolate nn.functional.pixel_shuffle nn.functional.pixel_unshuffle
        nn.Conv1d nn.Conv2d nn.Conv3d nn.ConvTranspose1d nn.ConvTranspose2d nn.MaxPool1d
        nn.MaxPool2d nn.MaxPool3d nn.AvgPool1d nn.AvgPool2d nn.AvgPool3d nn.AdaptiveAvgPool1d
        nn.AdaptiveAvgPool2d nn.AdaptiveAvgPool3d nn.AdaptiveMaxPool1d nn.AdaptiveMaxPool2d
        nn.AdaptiveMaxPool3d nn.Unfold nn.Fold nn.ConstantPad1d nn.ConstantPad2d nn.ZeroPad2d
        nn.ReflectionPad1d nn.ReflectionPad2d nn.ReplicationPad1d nn.ReplicationPad2d
        nn.CircularPad1d nn.CircularPad2d nn.Upsample nn.PixelShuffle nn.PixelUnshuffle""",
    "layers": """nn.functional.linear nn.functional.bilinear nn.functional.embedding
        nn.functional.one_hot nn.functional.batch_norm nn.functional.layer_norm
        nn.functional.group_norm nn.functional.instance_norm nn.functional.rms_norm
        nn.functional.normalize nn.functional.dropout nn.functional.scaled_dot_product_attention
        nn.Linear nn.Bilinear nn.Identity nn.Embedding nn.BatchNorm1d nn.BatchNorm2d nn.BatchNorm3d
        nn.LayerNorm nn.GroupNorm nn.InstanceNorm1d nn.InstanceNorm2d nn.InstanceNorm3d nn.RMSNorm
        nn.Dropout nn.Dropout1d nn.Dropout2d nn.Dropout3d nn.AlphaDropout nn.Flatten nn.Unflatten
        nn.Sequential nn.ModuleList nn.ModuleDict nn.ParameterList nn.ParameterDict nn.Parameter""",
    "activations": """nn.functional.relu nn.functional.relu6 nn.functional.leaky_relu
        nn.functional.prelu nn.functional.elu nn.functional.selu nn.functional.celu
        nn.functional.gelu nn.functional.silu nn.functional.mish nn.functional.glu
        nn.functional.softplus nn.functional.softsign nn.functional.hardtanh
        nn.functional.hardswish nn.functional.hardsigmoid nn.functional.logsigmoid
        nn.functional.sigmoid nn.functional.tanh nn.functional.softmax nn.functional.log_softmax
        nn.functional.softmin nn.functional.gumbel_softmax nn.functional.threshold
        nn.functional.hardshrink nn.functional.softshrink nn.functional.tanhshrink nn.ReLU
        nn.ReLU6 nn.LeakyReLU nn.PReLU nn.ELU nn.SELU nn.CELU nn.GELU nn.SiLU nn.Mish nn.GLU
        nn.Softplus nn.Softsign nn.Hardtanh nn.Hardswish nn.Hardsigmoid nn.LogSigmoid nn.Sigmoid
        nn.Tanh nn.Softmax nn.LogSoftmax nn.Softmin nn.Threshold nn.Hardshrink nn.Softshrink
        nn.Tanhshrink""",
    "losses": """nn.functional.mse_loss nn.functional.l1_loss nn.functional.smooth_l1_loss
        nn.functional.huber_loss nn.functional.cross_entropy nn.functional.nll_loss
        nn.functional.binary_cross_entropy nn.functional.binary_cross_entropy_with_logits
        nn.functional.kl_div nn.functional.ctc_loss nn.functional.triplet_margin_loss
        nn.functional.multi_margin_loss nn.functional.cosine_similarity
        nn.functional.cosine_embedding_loss nn.functional.gaussian_nll_loss
        nn.functional.poisson_nll_loss nn.functional.pairwise_distance
        nn.functional.margin_ranking_loss nn.functional.hinge_embedding_loss nn.MSELoss
        nn.L1Loss nn.SmoothL1Loss nn.HuberLoss nn.CrossEntropyLoss nn.NLLLoss nn.BCELoss
        nn.BCEWithLogitsLoss nn.KLDivLoss nn.CTCLoss nn.TripletMarginLoss nn.MultiMarginLoss
        nn.CosineSimilarity nn.CosineEmbeddingLoss nn.GaussianNLLLoss nn.PoissonNLLLoss
        nn.PairwiseDistance nn.MarginRankingLoss nn.HingeEmbeddingLoss""",
    "sequences": """nn.RNN nn.LSTM nn.GRU nn.RNNCell nn.LSTMCell nn.GRUCell nn.MultiheadAttention
        nn.TransformerEncoderLayer nn.TransformerDecoderLayer nn.TransformerEncoder
        nn.TransformerDecoder nn.Transformer nn.utils.rnn.pack_padded_sequence
        nn.utils.rnn.pad_packed_sequence nn.utils.rnn.pack_sequence nn.utils.rnn.pad_sequence
        nn.utils.clip_grad_norm_ nn.utils.clip_grad_value_ nn.utils.parameters_to_vector
        nn.utils.vector_to_parameters nn.utils.parametrizations.weight_norm
        nn.utils.parametrizations.spectral_norm nn.utils.weight_norm nn.utils.spectral_norm
        nn.utils.rnn.unpad_sequence""",
    "init": """nn.init.uniform_ nn.init.normal_ nn.init.constant_ nn.init.ones_ nn.init.zeros_
        nn.init.eye_ nn.init.dirac_ nn.init.xavier_uniform_ nn.init.xavier_normal_
        nn.init.kaiming_uniform_ nn.init.kaiming_normal_ nn.init.trunc_normal_
        nn.init.orthogonal_ nn.init.sparse_ nn.init.calculate_gain""",
    "optim": """optim.SGD optim.Adam optim.AdamW optim.RMSprop optim.Adagrad optim.Adadelta
        optim.Adamax optim.NAdam optim.RAdam optim.LBFGS optim.Muon optim.lr_scheduler.StepLR
        optim.lr_scheduler.MultiStepLR optim.lr_scheduler.ExponentialLR
        optim.lr_scheduler.CosineAnnealingLR optim.lr_scheduler.CosineAnnealingWarmRestarts
        optim.lr_scheduler.OneCycleLR optim.lr_scheduler.LinearLR optim.lr_scheduler.SequentialLR
        optim.lr_scheduler.LambdaLR optim.lr_scheduler.ReduceLROnPlateau""",
    "data": """utils.data.Dataset utils.data.IterableDataset utils.data.TensorDataset
        utils.data.ConcatDataset utils.data.Subset utils.data.random_split
        utils.data.SequentialSampler utils.data.RandomSampler utils.data.BatchSampler
        utils.data.WeightedRandomSampler utils.data.SubsetRandomSampler utils.data.DataLoader
        utils.data.default_collate utils.data.default_convert utils.data.ChainDataset
        utils.data.StackDataset utils.data.get_worker_info""",
}

NAMES = [name for names in FAMILIES.values() for name in names.split()]
